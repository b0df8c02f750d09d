import { expect, it } from 'vitest';
import { commands } from '../schemas/index.js';
import { asyncApiDocument, jsonSchemaDocument } from './index.js';

/** Every `$ref` of a document. */
function refs(value: unknown, found: string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref') found.push(inner as string);
    else refs(inner, found);
  }
  return found;
}

/** What a local reference points at. Names here contain dots, never slashes. */
const follow = (root: unknown, pointer: string): unknown =>
  pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], root);

it.each([
  ['JSON Schema', jsonSchemaDocument()],
  ['AsyncAPI', asyncApiDocument({ host: 'localhost:8765', protocol: 'ws', version: '0.1.0' })],
])('%s: every reference leads somewhere', (_, document) => {
  const found = refs(document);
  expect(found.length).toBeGreaterThan(20);
  expect(found.filter((each) => follow(document, each) === undefined)).toEqual([]);
});

it('describes every command and refuses fields that it does not know', () => {
  const { $defs } = jsonSchemaDocument() as { $defs: Record<string, { additionalProperties?: boolean }> };
  for (const name of Object.keys(commands)) {
    expect($defs[`${name}.params`]?.additionalProperties, name).toBe(false);
    expect($defs[`${name}.result`], name).toBeDefined();
  }
});

it('has an AsyncAPI operation per command', () => {
  const { operations } = asyncApiDocument({ host: 'h', protocol: 'wss', version: '1' }) as { operations: object };
  expect(Object.keys(operations)).toEqual([...Object.keys(commands), 'events']);
});
