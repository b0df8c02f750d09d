import type { Levels } from '@speed-protocol/core';
import type { Rows } from './declare.js';
import { instantiate } from './generate/instantiate.js';
import { ABSENT_BOOL, type FieldPlan, isLevels, type ObjectPlan, TEXT_ABSENT, TEXT_STORED } from './plan.js';
import { readText } from './read-text.js';
import type { FrameStore, RecordStore } from './store.js';

/**
 * Makes the object whose getters read a decoded frame out of the store. Its code is generated, so that slots are
 * constants: a getter of a number is one load from a typed array, and nothing is boxed.
 */
export function createFields(store: FrameStore, object: ObjectPlan): unknown {
  return createAccessor(store, object, { row: 0 });
}

/** Which row of its record an accessor looks at. */
interface Cursor {
  row: number;
}

function createAccessor(store: FrameStore, object: ObjectPlan, cursor: Cursor): unknown {
  const record = store.records[object.record.index] as RecordStore;
  // The frame's own record has one row and never grows: its arrays are constants. Rows are found through `record`.
  const names = { store, record, numbers: record.numbers, ints: record.ints, cursor, textAt, readBool };
  const parts: Record<string, unknown> = {};
  const getters = object.fields.filter((field) => field.kind !== 'skip').map((field) => getter(store, field, cursor, parts));
  // Getters of a prototype are compiled into the code that reads them; those of an object's own are called.
  return instantiate(`return new (class Fields { ${getters.join(' ')} })();`, { ...names, ...parts });
}

/** Source of one getter; the objects that it hands out go into `parts` under names of their own. */
function getter(store: FrameStore, field: FieldPlan, cursor: Cursor, parts: Record<string, unknown>): string {
  const part = `part${field.bit}`;
  if (field.kind === 'object') parts[part] = createAccessor(store, field.object as ObjectPlan, cursor);
  if (field.kind === 'list') parts[part] = new ListAccessor(store, store.records[field.rows?.index as number] as RecordStore);
  if (isLevels(field)) parts[part] = { values: store.levels, start: 0, count: 0 } satisfies Levels;
  return `get [${JSON.stringify(field.key)}]() { ${body(store, field, part)} }`;
}

function body(store: FrameStore, field: FieldPlan, part: string): string {
  const plan = (store.records[field.record] as RecordStore).plan;
  const slot = (stride: number, offset: number) => (field.record === 0 ? `${offset}` : `cursor.row * ${stride} + ${offset}`);
  const array = (name: string) => (field.record === 0 ? name : `record.${name}`);
  const at = slot(plan.ints, field.int);
  const int = `${array('ints')}[${at}]`;
  switch (field.kind) {
    case 'int':
    case 'num':
      return `return ${array('numbers')}[${slot(plan.numbers, field.number)}];`;
    case 'bool':
      return `return readBool(${int});`;
    case 'literal':
      return field.optional
        ? `return ${int} === 1 ? ${JSON.stringify(field.literal)} : null;`
        : `return ${JSON.stringify(field.literal)};`;
    case 'object':
      return field.optional ? `return ${int} === 1 ? ${part} : null;` : `return ${part};`;
    case 'list':
      return `const at = ${at}; ${part}.first = ${array('ints')}[at]; ${part}.length = ${array('ints')}[at + 1]; return ${part};`;
    case 'levels':
    case 'taggedLevels':
      return (
        `const at = ${at}; ${part}.values = store.levels; ` +
        `${part}.start = ${array('ints')}[at]; ${part}.count = ${array('ints')}[at + 1]; return ${part};`
      );
    default:
      return `return textAt(record, ${at}, ${slot(plan.texts, field.text)});`;
  }
}

/** The string of a text or id, made when asked for. Not kept: keeping it would cost more than most callers' only read. */
function textAt(record: RecordStore, at: number, text: number): string | null {
  const start = record.ints[at] as number;
  if (start === TEXT_STORED) return record.texts[text] as string;
  if (start === TEXT_ABSENT) return null;
  return readText(start, record.ints[at + 1] as number);
}

function readBool(value: number): boolean | null {
  return value === ABSENT_BOOL ? null : value === 1;
}

class ListAccessor implements Rows<unknown> {
  first = 0;
  length = 0;
  private readonly cursor: Cursor = { row: 0 };
  private readonly row: unknown;

  constructor(store: FrameStore, record: RecordStore) {
    this.row = createAccessor(store, record.plan.object, this.cursor);
  }

  at(index: number): unknown {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`row ${index} of ${this.length}`);
    this.cursor.row = this.first + index;
    return this.row;
  }
}
