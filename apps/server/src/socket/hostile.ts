import { SpeedError } from '@speed-protocol/core';

/** Keys through which an object could reach a prototype. */
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses JSON from a stranger: at most `maxDepth` deep, objects without a prototype, no key that names one.
 * @throws SpeedError `invalid-request` saying what is wrong
 */
export function parseHostile(text: string, maxDepth: number): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SpeedError('invalid-request', `The message is not JSON: ${(cause as Error).message.slice(0, 200)}`, { cause });
  }
  return sanitize(value, maxDepth);
}

function sanitize(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth <= 0) throw new SpeedError('invalid-request', 'The message is nested too deeply');
  if (Array.isArray(value)) return value.map((each) => sanitize(each, depth - 1));
  const clean: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of Object.entries(value)) {
    if (FORBIDDEN.has(key)) throw new SpeedError('invalid-request', `The key "${key}" is not allowed`);
    clean[key] = sanitize(inner, depth - 1);
  }
  return clean;
}
