import { SpeedError } from '@speed-protocol/core';
import { type FieldNode, ListNode, LiteralNode, type NodeKind, ObjectNode, OptionalNode } from './declare.js';

/** Kinds that a field can have once `optional` is taken off. */
export type FieldKind = Exclude<NodeKind, 'optional'>;

/** Where one field of a declaration lives. Slots count from the start of its record's row. */
export interface FieldPlan {
  readonly key: string;
  /** For people: `data.b`, `data[].px`. */
  readonly path: string;
  readonly kind: FieldKind;
  readonly optional: boolean;
  /** Index of the record whose row it lives in. */
  readonly record: number;
  /** Position among the keys of its object, for the masks of keys seen. */
  readonly bit: number;
  /** First slot in the record's numbers, ints and texts; -1 when it has none. */
  readonly number: number;
  readonly int: number;
  readonly text: number;
  /** The text of a literal. */
  readonly literal: string;
  readonly object: ObjectPlan | undefined;
  readonly rows: RecordPlan | undefined;
}

/** An object of the declaration. Objects inside it share its record; the rows of a list have one of their own. */
export interface ObjectPlan {
  readonly index: number;
  readonly path: string;
  readonly record: RecordPlan;
  readonly fields: readonly FieldPlan[];
}

/** A run of slots in the typed arrays: the frame itself (one row) or the rows of a list. */
export interface RecordPlan {
  readonly index: number;
  readonly object: ObjectPlan;
  numbers: number;
  ints: number;
  texts: number;
}

export interface FramePlan {
  readonly root: RecordPlan;
  readonly records: readonly RecordPlan[];
  readonly objects: readonly ObjectPlan[];
}

/** Slots that a field of this kind takes: [numbers, ints, texts]. */
const SLOTS: Readonly<Record<FieldKind, readonly [number, number, number]>> = {
  int: [1, 0, 0],
  num: [1, 0, 0],
  bool: [0, 1, 0], // 0, 1 or ABSENT_BOOL
  literal: [0, 1, 0], // 1 when present; only read when optional
  text: [0, 2, 1], // start and end in the scratch buffer, or a negative start: see below
  id: [0, 2, 1],
  levels: [0, 2, 0], // start and count in the levels array
  taggedLevels: [0, 2, 0],
  list: [0, 2, 0], // first row and count
  object: [0, 1, 0], // 1 when present; only read when optional
  skip: [0, 0, 0],
};

/** Instead of a start in the scratch buffer: the string is in `texts`. */
export const TEXT_STORED = -1;
/** Instead of a start in the scratch buffer: there is none. */
export const TEXT_ABSENT = -2;
export const ABSENT_BOOL = 2;

/**
 * Lays a declaration out.
 * @throws SpeedError `config` when the declaration cannot be compiled
 */
export function planFrame(node: ObjectNode): FramePlan {
  const records: RecordPlan[] = [];
  const objects: ObjectPlan[] = [];

  const planRecord = (row: ObjectNode, path: string): RecordPlan => {
    const record = { index: records.length, numbers: 0, ints: 0, texts: 0 } as RecordPlan;
    records.push(record);
    return Object.assign(record, { object: planObject(row, path, record) });
  };

  const planObject = (from: ObjectNode, path: string, record: RecordPlan): ObjectPlan => {
    const plan = { index: objects.length, path, record, fields: [] as FieldPlan[] };
    objects.push(plan);
    for (const [key, field] of Object.entries(from.shape)) {
      plan.fields.push(planField(key, field, path === '' ? key : `${path}.${key}`, plan.fields.length, record));
    }
    if (plan.fields.length === 0)
      throw new SpeedError('config', `frame declaration: ${path || 'the frame'} has no keys; name at least one`);
    return plan;
  };

  const planField = (key: string, field: FieldNode, path: string, bit: number, record: RecordPlan): FieldPlan => {
    const optional = field instanceof OptionalNode;
    const node = optional ? field.node : field;
    if (node instanceof OptionalNode) throw new SpeedError('config', `frame declaration: ${path} is optional twice; say it once`);
    const kind = node.kind as FieldKind;
    const [numbers, ints, texts] = SLOTS[kind];
    const slots = { number: numbers ? record.numbers : -1, int: ints ? record.ints : -1, text: texts ? record.texts : -1 };
    record.numbers += numbers;
    record.ints += ints;
    record.texts += texts;
    return {
      key,
      path,
      kind,
      optional,
      record: record.index,
      bit,
      ...slots,
      literal: node instanceof LiteralNode ? node.value : '',
      object: node instanceof ObjectNode ? planObject(node, path, record) : undefined,
      rows: node instanceof ListNode ? planRecord(node.row, `${path}[]`) : undefined,
    };
  };

  const root = planRecord(node, '');
  return { root, records, objects };
}

/** Levels of either form: they read the same. */
export function isLevels({ kind }: Pick<FieldPlan, 'kind'>): boolean {
  return kind === 'levels' || kind === 'taggedLevels';
}

/** A frame without this field is refused. */
export function isRequired(field: FieldPlan): boolean {
  return !field.optional && field.kind !== 'skip';
}
