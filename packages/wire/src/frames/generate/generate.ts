import type { Guard } from '../interpret/interpret.js';
import { type FieldPlan, type FramePlan, isRequired, type ObjectPlan } from '../plan.js';
import { keyBytes, matches } from './bytes.js';
import { DIGIT_VARIABLES } from './digits.js';
import { finishName, mask, maskBit, maskOf, maskWords, rowName, type Slots, slots } from './names.js';
import { ABSENT, SKIP, VALUES } from './values.js';

/** Keys of each object in the order in which they are expected, unknown ones included. */
export type KeyOrder = ReadonlyMap<ObjectPlan, readonly string[]>;

/** Two ways to scan the loaded frame. Each returns where the frame ends, -1 when it cannot, -2 when a list needs more rows. */
export interface Scanner {
  /** For frames as they are expected: keys in the order of the last ones, no white space. */
  scanExpected(): number;
  /** For any other. */
  scanAny(): number;
}

/**
 * Source of the {@link Scanner} of one declaration.
 *
 * `scanExpected` is straight-line code for the expected keys; in each object the first key that is another one hands the
 * rest of it to the object's `finish` function, which dispatches on any key in any order. `scanAny` is made of those
 * functions alone.
 */
export function generateScanner(plan: FramePlan, order: KeyOrder, without?: Guard): string {
  const generator = new Generator(plan, order, without);
  return generator.source();
}

/** What `emit` functions of values need. */
export interface Emitter {
  readonly slots: Slots;
  /** True in straight-line code, where speed is worth length; false where any key may come. */
  readonly straight: boolean;
  /** Code that scans the object whose `{` is at `p`. */
  object(object: ObjectPlan): string;
  /** The same for a row of a list: a call, so that the loop over rows stays small (see `scan/train.ts`). */
  row(object: ObjectPlan): string;
  /** A name for a block, not used before. */
  label(): string;
}

class Generator implements Emitter {
  readonly slots: Slots;
  straight = true;
  private labels = 0;

  constructor(
    private readonly plan: FramePlan,
    private readonly order: KeyOrder,
    private readonly without: Guard | undefined,
  ) {
    this.slots = slots(plan);
  }

  source(): string {
    const reset = this.plan.records.map((record) => `rows[${record.index}] = 0;`).join(' ');
    const begin = `let p = 0; ${DIGIT_VARIABLES} ${reset} counters[0] = 0; counters[1] = 0;`;
    const root = this.plan.objects[0] as ObjectPlan;
    this.straight = false;
    const finishes = this.plan.objects.map((object) => this.finish(object));
    const any = `p = space(0); ${this.object(root)} return space(p);`;
    this.straight = true;
    const rows = this.plan.records.slice(1).map((record) => this.rowFunction(record.object));
    return [
      ...finishes,
      ...rows,
      `return { scanExpected() { ${begin} ${this.object(root)} return p; }, scanAny() { ${begin} ${any} } };`,
    ].join('\n');
  }

  label(): string {
    return `o${this.labels++}`;
  }

  object(object: ObjectPlan): string {
    if (!this.straight) {
      return `if (B[p] !== 123) return -1; p = ${finishName(object)}(${this.finishArguments(object, 1, [], 'p + 1')}); if (p < 0) return p;`;
    }
    const label = this.label();
    const seen: FieldPlan[] = [];
    const lines = [`if (B[p] !== 123) return -1;`, `p++;`, `${label}: {`];
    const fallback = (first: 0 | 1) =>
      `{ p = ${finishName(object)}(${this.finishArguments(object, first, seen)}); if (p < 0) return p; break ${label}; }`;
    for (const [index, key] of this.expected(object).entries()) {
      const bytes = keyBytes(key, index === 0 ? '' : ',');
      const field = object.fields.find((candidate) => candidate.key === key);
      lines.push(`if (!(${matches(bytes)})) ${fallback(index === 0 ? 1 : 0)}`, `p += ${bytes.length};`);
      lines.push(field ? this.value(field) : SKIP);
      if (field) seen.push(field);
    }
    lines.push(`if (B[p] !== 125) ${fallback(0)}`, `p++;`);
    for (const field of object.fields) if (!seen.includes(field) && field.optional) lines.push(this.absent(field));
    return [...lines, '}'].join('\n');
  }

  row(object: ObjectPlan): string {
    if (!this.straight) return this.object(object);
    return `p = ${rowName(object)}(p, ${rowOf(object)}); if (p < 0) return p;`;
  }

  private rowFunction(object: ObjectPlan): string {
    return `function ${rowName(object)}(p, ${rowOf(object)}) { ${DIGIT_VARIABLES} ${this.object(object)} return p; }`;
  }

  /** The expected keys, or those declared when no frame has been seen; only orders that hold every required key. */
  private expected(object: ObjectPlan): readonly string[] {
    const declared = object.fields.map((field) => field.key);
    const order = this.order.get(object) ?? declared;
    const known = new Set(order);
    return object.fields.every((field) => !isRequired(field) || known.has(field.key)) ? order : declared;
  }

  private value(field: FieldPlan): string {
    const value = VALUES[field.kind](field, this);
    if (!field.optional) return value;
    return `q = skipAbsent(p); if (q !== p) { p = q; ${this.absent(field)} } else {\n${value}\n}`;
  }

  private absent(field: FieldPlan): string {
    return ABSENT[field.kind](field, this);
  }

  /** `first`: nothing has been read since the brace, so that a key or the end may come, and no comma. */
  private finishArguments(object: ObjectPlan, first: 0 | 1, seen: readonly FieldPlan[], at = 'p'): string {
    return [at, first, ...rowOf(object), ...maskOf(object, seen)].join(', ');
  }

  /** The rest of an object, any keys in any order, with white space. */
  private finish(object: ObjectPlan): string {
    const masks = Array.from({ length: maskWords(object) }, (_, word) => mask(word));
    const required = maskOf(object, object.fields.filter(isRequired));
    const checks =
      this.without === 'fast.required'
        ? []
        : required.map((bits, word) => `if ((${mask(word)} & ${bits}) !== ${bits}) return -1;`);
    const absences = object.fields
      .filter((field) => field.optional)
      .map((field) => `if ((${this.seen(field)}) === 0) { ${this.absent(field)} }`);
    return [
      `function ${finishName(object)}(${['p', 'first', ...rowOf(object), ...masks].join(', ')}) {`,
      `let s = 0; ${DIGIT_VARIABLES} counters[1]++;`,
      `for (;;) {`,
      `p = space(p);`,
      `if (B[p] === 125) break;`,
      `if (first === 0) { if (B[p] !== 44) return -1; p = space(p + 1); }`,
      `if (B[p] !== 34) return -1;`,
      `s = p + 1; q = stringClose(s); if (q < 0) return -1;`,
      `p = space(q + 1); if (B[p] !== 58) return -1; p = space(p + 1);`,
      `first = 0;`,
      `switch (q - s) {`,
      ...this.cases(object),
      `}`,
      SKIP,
      `}`,
      ...checks,
      ...absences,
      `return p + 1; }`,
    ].join('\n');
  }

  private seen(field: FieldPlan): string {
    const { word, bit } = maskBit(field);
    return `${mask(word)} & ${bit}`;
  }

  /** Keys by their length, then by their bytes. */
  private cases(object: ObjectPlan): string[] {
    const byLength = new Map<number, FieldPlan[]>();
    for (const field of object.fields) {
      const { length } = rawKey(field);
      byLength.set(length, [...(byLength.get(length) ?? []), field]);
    }
    return [...byLength].flatMap(([length, fields]) => [
      `case ${length}:`,
      ...fields.map((field) => this.keyCase(field)),
      'break;',
    ]);
  }

  private keyCase(field: FieldPlan): string {
    const { word, bit } = maskBit(field);
    const twice = this.without === 'fast.duplicate' ? '' : `if ((${this.seen(field)}) !== 0) return -1;`;
    const test = rawKey(field).length === 0 ? 'true' : matches(rawKey(field), 's');
    return `if (${test}) { ${twice} ${mask(word)} |= ${bit};\n${this.value(field)}\ncontinue; }`;
  }
}

/** The variable that holds the row, where there is more than one. */
function rowOf({ record }: ObjectPlan): string[] {
  return record.index === 0 ? [] : [`row${record.index}`];
}

/** A key's bytes between its quotes. */
function rawKey(field: FieldPlan): Uint8Array {
  return Buffer.from(JSON.stringify(field.key).slice(1, -1));
}
