import { exchangeChecks } from '@speed-protocol/conformance/exchange';
import binance from '@speed-protocol/exchange-binance/sim';
import okx from '@speed-protocol/exchange-okx/sim';
import { describe, expect, it } from 'vitest';
import { LIMITS, REAL_TIME } from './helpers/limits.js';
import { bridged, renamed } from './helpers/under-test.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);
/** Every check, the bridge's limits included, takes minutes: SPEED_CHECKS=all. */
const isWhole = process.env['SPEED_CHECKS'] === 'all';

const DIALECTS = { binanceusdm: binance, okx };

/** What is run by default: each room once, on the exchange that asks most of it. */
const CHOSEN: Readonly<Record<keyof typeof DIALECTS, RegExp>> = {
  okx: /^(trading|outcome policy|errors: an? (order|wrong|cancel)|reference: takes)/,
  binanceusdm: new RegExp(
    '^(market data: (depth|trade|quote|candle|funding): figures|gaps and resync: heals after a (cut|lost)|ids|disposal: a disposed' +
      '|private streams: (an order|a market|comes back after a cut)|clock skew: .* 60 s ahead|errors: .* 50[23])',
  ),
};

describe.each(['binanceusdm', 'okx'] as const)(`ccxt:%s, seed ${seed} (SPEED_SEED)`, async (id) => {
  const manifest = await bridged(id);
  const checks = exchangeChecks({ manifest, dialect: renamed(DIALECTS[id], id) }, { seed });
  const limits = LIMITS[id] ?? {};
  for (const { room, name, run } of checks) {
    if (!isWhole && (name in limits || !CHOSEN[id].test(`${room}: ${name}`))) continue;
    const limit = limits[name];
    if (limit === REAL_TIME) continue;
    if (limit === undefined) it(`${room}: ${name}`, run, 60_000);
    // One that holds now is none any more: take it off the list.
    else it(`limit: ${room}: ${name}: ${limit}`, () => expect(run()).rejects.toThrow(), 60_000);
  }
  it('has checks for all of its limits', () => {
    const names = checks.map(({ name }) => name);
    expect(Object.keys(limits).filter((name) => !names.includes(name))).toEqual([]);
  });
});
