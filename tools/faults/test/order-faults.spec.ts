import { expect, it } from 'vitest';
import { runOrderFaults } from '../src/orders/run.js';
import { tradingVenues } from '../src/world.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);
const orders = Number(process.env['SPEED_ORDERS'] ?? 200);

/** The long form, with 10,000 orders, is `npm run faults -- orders`. */
it(`loses, repeats and misjudges none of ${orders} orders, 30 % of them hit (SPEED_SEED=${seed})`, {
  timeout: 300_000,
}, async () => {
  const report = await runOrderFaults({
    seed,
    venues: await tradingVenues(),
    orders,
    share: 0.3,
    everyMs: 120,
    restartEvery: 25,
  });
  expect(report.problems).toEqual([]);
  expect(report).toMatchObject({ duplicates: 0, lost: 0, wrongStates: 0, wrongFills: 0, wrongMoney: 0, ok: true });
  expect(report.hit).toBeGreaterThanOrEqual(0.3 * orders);
  expect(report.restarts).toBeGreaterThan(0);
});
