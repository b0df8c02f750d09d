import type { FieldPlan, FramePlan, ObjectPlan } from '../plan.js';

/** Names in the generated source, and the expressions for slots. Row offsets of the frame itself are constants. */
export const mask = (word: number): string => `m${word}`;
export const rowName = (object: ObjectPlan): string => `scanRow${object.index}`;
export const finishName = (object: ObjectPlan): string => `finish${object.index}`;

/** Masks hold 30 keys each: a small integer in any engine. */
const MASK_BITS = 30;

export function maskWords(object: ObjectPlan): number {
  return Math.ceil(object.fields.length / MASK_BITS);
}

export function maskBit(field: FieldPlan): { word: number; bit: number } {
  return { word: Math.floor(field.bit / MASK_BITS), bit: 1 << (field.bit % MASK_BITS) };
}

/** Values of the masks of an object when these keys have been seen. */
export function maskOf(object: ObjectPlan, seen: Iterable<FieldPlan>): number[] {
  const words = new Array<number>(maskWords(object)).fill(0);
  for (const field of seen) {
    const { word, bit } = maskBit(field);
    words[word] = (words[word] as number) | bit;
  }
  return words;
}

export interface Slots {
  number(field: FieldPlan): string;
  int(field: FieldPlan, plus?: number): string;
}

/** Arrays are `N<record>` and `I<record>`; rows of a list are at `row<record>`. */
export function slots(plan: FramePlan): Slots {
  const at = (field: FieldPlan, stride: number, slot: number) =>
    field.record === 0 ? `${slot}` : `row${field.record} * ${stride} + ${slot}`;
  const record = (field: FieldPlan) => plan.records[field.record] as FramePlan['root'];
  return {
    number: (field) => at(field, record(field).numbers, field.number),
    int: (field, plus = 0) => at(field, record(field).ints, field.int + plus),
  };
}
