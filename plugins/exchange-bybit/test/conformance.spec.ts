import { exchangeChecks } from '@speed-protocol/conformance/exchange';
import { describe, it } from 'vitest';
import manifest from '../src/index.js';
import dialect from '../src/sim/index.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);

describe.each(manifest.venues)(`$id conforms, seed ${seed} (SPEED_SEED):`, ({ id }) => {
  const checks = exchangeChecks({ manifest, dialect }, { seed }).filter(({ venue }) => venue === id);
  for (const { room, name, run } of checks) it(`${room}: ${name}`, run);
});
