import path from 'node:path';
import { expect, it } from 'vitest';
import { runKills } from '../src/orders/kill-run.js';
import { tradingVenues } from '../src/world.js';
import { bundle } from './support/bundle.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);

it(`knows every order of a process that is killed three times while it trades (SPEED_SEED=${seed})`, {
  timeout: 300_000,
}, async () => {
  await using child = await bundle(path.join(import.meta.dirname, 'support/child.ts'));
  const report = await runKills({
    seed,
    venues: await tradingVenues(),
    orders: 90,
    share: 0.3,
    everyMs: 100,
    kills: 3,
    child: child.file,
  });
  expect(report.problems).toEqual([]);
  expect(report).toMatchObject({ kills: 3, duplicates: 0, lost: 0, wrongStates: 0, wrongFills: 0, wrongMoney: 0, ok: true });
  expect(report.orders).toBeGreaterThanOrEqual(90);
});

// An end of its own counted as a kill: SPEED_SEED=648760889 had three of them before anything was noticed.
it('does not take a process that ends by itself for one that was killed', { timeout: 60_000 }, async () => {
  await using child = await bundle(path.join(import.meta.dirname, 'support/ends.ts'));
  const run = runKills({ seed, venues: ['binance'], orders: 10, share: 0, everyMs: 100, kills: 1, child: child.file });
  await expect(run).rejects.toThrow('the trading process ended with 3 before it was killed');
});
