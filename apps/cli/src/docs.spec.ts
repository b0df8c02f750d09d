import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderDocs } from './docs.js';

it('docs/cli.md says what --help says; if not: npm run docs -w apps/cli', () => {
  expect(readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8')).toBe(renderDocs());
});
