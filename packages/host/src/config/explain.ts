import { nearest } from '@speed-protocol/core';
import type { z } from 'zod';

export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What zod found, as sentences that name the key and the nearest right one. */
export function explain(error: z.ZodError, schema: z.ZodType): Problem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(schema, issue.path);
      return issue.keys.map((key) => ({ path: [...issue.path, key], message: unknownKey(key, issue.path, known) }));
    }
    const expected =
      issue.code === 'invalid_value'
        ? `must be one of ${issue.values.map((each) => JSON.stringify(each)).join(', ')}`
        : lower(issue.message);
    return [{ path: issue.path, message: `${dotted(issue.path)}: ${expected}` }];
  });
}

function unknownKey(key: string, path: readonly PropertyKey[], known: readonly string[]): string {
  const near = nearest(key, known);
  const where = path.length > 0 ? ` in "${dotted(path)}"` : '';
  return `unknown key "${key}"${where}${near ? `; did you mean "${near}"?` : ''} (known: ${known.join(', ')})`;
}

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Keys that the schema knows at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const key of path) at = childOf(unwrap(at), key);
  return Object.keys((unwrap(at) as { shape?: object } | undefined)?.shape ?? {});
}

function childOf(schema: unknown, key: PropertyKey): unknown {
  const { shape, def } = schema as { shape?: Record<PropertyKey, unknown>; def?: { valueType?: unknown; element?: unknown } };
  return shape?.[key] ?? def?.valueType ?? def?.element;
}

/** Through `default`, `optional`, `prefault` and pipes. */
function unwrap(schema: unknown): unknown {
  let at = schema as { def?: { innerType?: unknown; in?: unknown } } | undefined;
  for (;;) {
    const inner = at?.def?.innerType ?? at?.def?.in;
    if (inner === undefined) return at;
    at = inner as typeof at;
  }
}
