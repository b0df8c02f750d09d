import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Specifiers that a module loads at run time, followed through relative imports. */
function loaded(file: URL, seen = new Set<string>()): Set<string> {
  const text = readFileSync(file, 'utf8');
  for (const [, specifier = ''] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gms)) {
    if (seen.has(specifier)) continue;
    seen.add(specifier);
    if (specifier.startsWith('.')) loaded(new URL(specifier.replace(/\.js$/, '.ts'), file), seen);
  }
  return seen;
}

it('loads no zod: the schemas stand behind /schemas', () => {
  expect(loaded(new URL('./schemas/index.ts', import.meta.url))).toContain('zod');
  expect(loaded(new URL('./index.ts', import.meta.url))).not.toContain('zod');
});
