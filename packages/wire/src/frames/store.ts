import type { FramePlan, RecordPlan } from './plan.js';
import { levelValues } from './scratch.js';

/** The typed arrays of one record. Both paths write here, the accessors read here. */
export interface RecordStore {
  readonly plan: RecordPlan;
  /** Rows that fit. */
  capacity: number;
  numbers: Float64Array;
  ints: Int32Array;
  texts: (string | null)[];
}

/** Everything that a decoded frame consists of. */
export class FrameStore {
  readonly records: readonly RecordStore[];
  /** Rows in use, per record. */
  readonly rows: Int32Array;
  /** Counts the times that arrays were replaced: code that knows the old ones must be made anew. */
  generation = 0;
  /** What the levels of the frame point into: the shared array, unless the frame was too long for it. */
  levels: Float64Array = levelValues;

  constructor(plan: FramePlan) {
    this.records = plan.records.map((record) => createRecord(record, record === plan.root ? 1 : 16));
    this.rows = new Int32Array(plan.records.length);
  }

  /** Makes room for one more row at least, keeping the rows that are there. */
  grow(index: number): void {
    const record = this.records[index] as RecordStore;
    const grown = createRecord(record.plan, record.capacity * 2);
    grown.numbers.set(record.numbers);
    grown.ints.set(record.ints);
    Object.assign(record, { capacity: grown.capacity, numbers: grown.numbers, ints: grown.ints });
    this.generation++;
    while (record.texts.length < grown.texts.length) record.texts.push(null);
  }
}

function createRecord(plan: RecordPlan, capacity: number): RecordStore {
  return {
    plan,
    capacity,
    numbers: new Float64Array(capacity * plan.numbers),
    ints: new Int32Array(capacity * plan.ints),
    texts: new Array<string | null>(capacity * plan.texts).fill(null),
  };
}
