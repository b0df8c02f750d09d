import type { Levels } from '@speed-protocol/core';
import {
  type FieldNode,
  LevelsNode,
  ListNode,
  type ObjectNode,
  ObjectNode as ObjectOf,
  OptionalNode,
  type Rows,
  SkipNode,
  TaggedLevelsNode,
} from '../declare.js';

/** A decoded frame as plain values: numbers, strings, booleans, `null`, levels as flat numbers, nested objects and arrays. */
export type Plain = number | string | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** Copies everything that the fields of a declaration give. */
export function plainFields(node: ObjectNode, fields: Readonly<Record<string, unknown>>): Plain {
  const plain: Record<string, Plain> = {};
  for (const [key, field] of Object.entries(node.shape)) {
    if (unwrap(field) instanceof SkipNode) continue;
    plain[key] = plainValue(unwrap(field), fields[key]);
  }
  return plain;
}

function unwrap(node: FieldNode): FieldNode {
  return node instanceof OptionalNode ? node.node : node;
}

function plainValue(node: FieldNode, value: unknown): Plain {
  if (value === null) return null;
  if (node instanceof LevelsNode || node instanceof TaggedLevelsNode) return plainLevels(value as Levels);
  if (node instanceof ObjectOf) return plainFields(node, value as Record<string, unknown>);
  if (node instanceof ListNode) return plainRows(node.row, value as Rows<Record<string, unknown>>);
  return value as Plain;
}

function plainLevels({ values, start, count }: Levels): Plain {
  return [...values.subarray(start, start + 2 * count)];
}

function plainRows(row: ObjectNode, rows: Rows<Record<string, unknown>>): Plain {
  return Array.from({ length: rows.length }, (_, index) => plainFields(row, rows.at(index)));
}

/** True when both are the same, NaN like NaN and -0 unlike 0. */
export function samePlain(a: Plain | undefined, b: Plain | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const keys = Object.keys(a);
  if (Array.isArray(a) !== Array.isArray(b) || keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => samePlain((a as Record<string, Plain>)[key], (b as Record<string, Plain>)[key]));
}
