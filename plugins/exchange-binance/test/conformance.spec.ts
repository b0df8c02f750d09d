import { readFile } from 'node:fs/promises';
import { type ExchangeCheck, exchangeChecks, matrixOf } from '@speed-protocol/conformance/exchange';
import { describe, expect, it } from 'vitest';
import manifest from '../src/index.js';
import dialect from '../src/sim/index.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);
const checks = exchangeChecks({ manifest, dialect }, { seed });
const failures = new Map<ExchangeCheck, string | undefined>();

describe.each(manifest.venues)(`$id conforms, seed ${seed} (SPEED_SEED):`, ({ id }) => {
  for (const check of checks.filter(({ venue }) => venue === id)) {
    it(`${check.room}: ${check.name}`, async () => {
      failures.set(check, 'did not hold');
      await check.run();
      failures.set(check, undefined);
    });
  }
});

it('what was measured is what conformance.json and the README say; if not: npm run matrix', async () => {
  const file = new URL('../conformance.json', import.meta.url);
  const { matrix } = JSON.parse(await readFile(file, 'utf8')) as { matrix: unknown };
  const results = checks.map((check) => ({ check, failure: failures.get(check) }));
  expect(matrixOf(results)).toEqual(matrix);
});
