import { expect, it } from 'vitest';
import { runMarketFaults } from '../src/market/run.js';
import { bookVenues } from '../src/world.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);

/** The long form, with 1,000 faults, is `npm run faults`. */
it(`heals from 50 faults over 20 symbols of each venue (SPEED_SEED=${seed})`, { timeout: 300_000 }, async () => {
  const report = await runMarketFaults({ seed, venues: await bookVenues(), faults: 50, symbols: 20, everyMs: 800 });
  expect(report.problems).toEqual([]);
  expect(report).toMatchObject({ wrongBooks: 0, staleShownAsLive: 0, lostSubscriptions: 0, unhealed: 0, ok: true });
  expect(report.booksOf).toMatchObject({ binance: 20, binanceusdm: 20, binancecoinm: 20, okx: 20, bybit: 20 });
  // Deribit's simulator lists 18 in all.
  for (const venue of report.venues) expect(report.booksOf[venue], venue).toBeGreaterThanOrEqual(18);
  expect(report.struck).toBeGreaterThanOrEqual(50);
  expect(report.compared).toBeGreaterThan(1_000);
});
