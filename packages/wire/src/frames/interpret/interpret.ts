import { type FieldPlan, type FramePlan, isLevels, isRequired, type ObjectPlan } from '../plan.js';
import { levelValues } from '../scratch.js';
import type { FrameStore, RecordStore } from '../store.js';
import { JsonReader } from './reader.js';
import { numberOf, SCALARS, storeAbsent } from './scalars.js';

/** Why a frame is refused. Internal: callers see {@link Refusal.message} as `problem`. */
class Refusal extends Error {}

/** Checks that tests take out, one at a time, to prove that they would notice. */
export type Guard = 'fast.required' | 'fast.duplicate' | 'fast.end' | 'slow.required' | 'slow.duplicate' | 'scanner';

/**
 * The slow path: understands everything that the declaration allows, from the text, without the scanner's tables or
 * code. `JSON.parse` says what is JSON; the values are then read from the text, so that no digit is lost.
 * @returns why the frame is refused, or `undefined` when the store holds its fields
 */
export function interpret(plan: FramePlan, store: FrameStore, text: string, without?: Guard): string | undefined {
  try {
    JSON.parse(text);
    new Interpreter(store, text, without).frame(plan.root.object);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    if (error instanceof SyntaxError) return `not JSON: ${error.message}`;
    throw error;
  }
}

class Interpreter {
  private readonly reader: JsonReader;
  private levelCount = 0;

  constructor(
    private readonly store: FrameStore,
    text: string,
    private readonly without: Guard | undefined,
  ) {
    this.reader = new JsonReader(text);
    store.levels = levelValues;
    store.rows.fill(0);
  }

  frame(object: ObjectPlan): void {
    this.object(object, 0, 'the frame');
  }

  private object(object: ObjectPlan, row: number, name: string): void {
    if (this.reader.peek() !== '{') this.refuse(name, 'an object');
    const seen = new Set<string>();
    const start = this.reader.at;
    this.reader.entries((key, at) => {
      const field = object.fields.find((candidate) => candidate.key === key);
      if (!field) {
        this.reader.raw();
        return;
      }
      if (seen.has(key) && this.without !== 'slow.duplicate') throw new Refusal(`${field.path}: key twice, at offset ${at}`);
      seen.add(key);
      this.field(field, row);
    });
    for (const field of object.fields) if (!seen.has(field.key)) this.missing(field, row, start);
  }

  private missing(field: FieldPlan, row: number, start: number): void {
    if (isRequired(field) && this.without !== 'slow.required') {
      throw new Refusal(`${field.path}: missing from the object at offset ${start}`);
    }
    if (field.optional) storeAbsent(field, this.record(field), row);
  }

  private field(field: FieldPlan, row: number): void {
    if (field.optional && this.absent()) storeAbsent(field, this.record(field), row);
    else if (field.kind === 'object') this.nested(field, row);
    else if (field.kind === 'list') this.list(field, row);
    else if (isLevels(field)) this.levels(field, row);
    else this.scalar(field, row);
  }

  private scalar(field: FieldPlan, row: number): void {
    const { at } = this.reader;
    const expected = SCALARS[field.kind]?.(this.reader.raw(), field, this.record(field), row);
    if (expected !== undefined) this.refuse(field.path, expected, at);
  }

  /** Goes over `null` or `""` when one of them is here. */
  private absent(): boolean {
    const { at } = this.reader;
    const first = this.reader.peek();
    if (first === 'n' || (first === '"' && this.reader.text.charAt(at + 1) === '"')) {
      this.reader.raw();
      return true;
    }
    return false;
  }

  private nested(field: FieldPlan, row: number): void {
    const record = this.record(field);
    record.ints[row * record.plan.ints + field.int] = 1;
    this.object(field.object as ObjectPlan, row, field.path);
  }

  private list(field: FieldPlan, row: number): void {
    if (this.reader.peek() !== '[') this.refuse(field.path, 'an array of objects');
    const rows = this.store.records[field.rows?.index as number] as RecordStore;
    const used = this.store.rows;
    const { index } = rows.plan;
    // Rows of one list lie side by side, whatever the lists inside them do: those live in other records.
    const first = used[index] as number;
    this.reader.elements(() => {
      const next = used[index] as number;
      if (next === rows.capacity) this.store.grow(index);
      used[index] = next + 1;
      this.object(rows.plan.object, next, `${field.path}[]`);
    });
    const record = this.record(field);
    record.ints[row * record.plan.ints + field.int] = first;
    record.ints[row * record.plan.ints + field.int + 1] = (used[index] as number) - first;
  }

  private levels(field: FieldPlan, row: number): void {
    if (this.reader.peek() !== '[') this.refuse(field.path, 'an array of levels');
    const record = this.record(field);
    const first = this.levelCount;
    this.reader.elements(() => this.level(field));
    record.ints[row * record.plan.ints + field.int] = first * 2;
    record.ints[row * record.plan.ints + field.int + 1] = this.levelCount - first;
  }

  private level(field: FieldPlan): void {
    const start = this.reader.at;
    const tags = field.kind === 'taggedLevels' ? 1 : 0;
    const form = tags === 1 ? 'a level: [tag, price, size]' : 'a level: [price, size]';
    if (this.reader.peek() !== '[') this.refuse(field.path, form);
    const at = 2 * this.levelCount++;
    if (at + 2 > this.store.levels.length) this.growLevels();
    let count = 0;
    this.reader.elements((index) => {
      count++;
      const offset = this.reader.at;
      const raw = this.reader.raw();
      if (index < tags && !raw.startsWith('"')) this.refuse(field.path, 'a tag, which is a string', offset);
      if (index < tags || index > tags + 1) return;
      const value = numberOf(raw);
      if (value === undefined) this.refuse(field.path, 'a finite number', offset);
      this.store.levels[at + index - tags] = value as number;
    });
    if (count < tags + 2) this.refuse(field.path, form, start);
  }

  private growLevels(): void {
    const grown = new Float64Array(this.store.levels.length * 2);
    grown.set(this.store.levels);
    this.store.levels = grown;
  }

  private record(field: FieldPlan): RecordStore {
    return this.store.records[field.record] as RecordStore;
  }

  private refuse(path: string, expected: string, at = this.reader.at): never {
    const found = this.reader.text.slice(at, at + 24);
    throw new Refusal(`${path}: expected ${expected} at offset ${at}, found ${found}`);
  }
}
