import assert from 'node:assert/strict';
import { formatSymbol, type Instrument, parseSymbol, SpeedError } from '@speed-protocol/core';
import type { Bench, CheckRow } from '../check.js';

const room = 'reference';

const instrumentsOf = ({ connector, world }: Bench): Promise<readonly Instrument[]> =>
  world.settled(connector.reference.instruments(), 'the instruments');

/** What instruments must be, whatever the venue. */
export const REFERENCE: readonly CheckRow[] = [
  {
    room,
    name: 'lists what trades, each symbol once',
    capability: 'instruments',
    async run(bench) {
      const list = await instrumentsOf(bench);
      for (const symbol of bench.world.symbols) assert.equal(list.find((each) => each.symbol === symbol)?.status, 'open', symbol);
      assert.equal(new Set(list.map(({ symbol }) => symbol)).size, list.length);
      for (const { venue } of list) assert.equal(venue, bench.venue);
    },
  },
  {
    room,
    name: 'symbols follow the unified grammar and say what the instrument is',
    async run(bench) {
      for (const instrument of await instrumentsOf(bench)) assertSymbolSays(instrument);
    },
  },
  {
    room,
    name: 'symbol to venue symbol and back is the identity',
    async run(bench) {
      const list = await instrumentsOf(bench);
      // Some venues name spot and contracts alike and tell them apart by the product.
      const nameOf = ({ venueSymbol, kind }: Instrument) => `${kind === 'spot'} ${venueSymbol}`;
      const back = new Map(list.map((instrument) => [nameOf(instrument), instrument.symbol]));
      assert.equal(back.size, list.length, 'two instruments have one venue symbol');
      for (const { symbol, venueSymbol } of list) {
        const found = await bench.world.settled(bench.connector.reference.instrument(symbol), symbol);
        assert.deepEqual([found.venueSymbol, back.get(nameOf(found))], [venueSymbol, symbol]);
      }
    },
  },
  {
    room,
    name: 'grids are positive decimals that are met exactly',
    async run(bench) {
      for (const { symbol, tickSize, lotSize, contractSize, minAmount, maxAmount } of await instrumentsOf(bench)) {
        for (const size of [tickSize, lotSize, contractSize]) assert.match(size, /^(?=.*[1-9])\d+(\.\d+)?$/, symbol);
        if (minAmount && maxAmount) assert.ok(Number(minAmount) <= Number(maxAmount), `${symbol}: minimum above maximum`);
      }
    },
  },
  {
    room,
    name: 'takes tick, lot and contract size as the market trades in',
    async run(bench) {
      for (const symbol of bench.world.symbols) {
        const asked = bench.connector.reference.instrument(symbol);
        const { tickSize, lotSize, contractSize, venueSymbol, kind, settle, inverse } = await bench.world.settled(asked, symbol);
        const { listing } = bench.world.sim.oracle.market(bench.venue, symbol);
        assert.deepEqual([kind, settle, inverse], [listing.kind, listing.settle, listing.inverse]);
        assert.deepEqual(
          [venueSymbol, Number(tickSize), Number(lotSize), Number(contractSize)],
          [listing.venueSymbol, Number(listing.tickSize), Number(listing.lotSize), Number(listing.contractSize)],
        );
      }
    },
  },
  {
    room,
    name: 'knows everything that the venue lists, as it is',
    async run(bench) {
      const known = new Map((await instrumentsOf(bench)).map((each) => [each.symbol, each]));
      for (const listing of bench.world.listings) {
        const { symbol, venueSymbol, kind, settle, inverse, expiry, contractSize, tickSize, lotSize } = listing;
        const found = known.get(symbol);
        assert.ok(found, `${symbol} is listed and not known`);
        assert.deepEqual(
          [found.venueSymbol, found.kind, found.settle, found.inverse, found.expiry],
          [venueSymbol, kind, settle, inverse, expiry],
          symbol,
        );
        assert.equal(found.fundingIntervalHours ?? listing.fundingIntervalHours, listing.fundingIntervalHours, symbol);
        const grid = [found.contractSize, found.tickSize, found.lotSize].map(Number);
        assert.deepEqual(grid, [contractSize, tickSize, lotSize].map(Number), symbol);
      }
    },
  },
  {
    room,
    name: 'derivatives say in what they settle, and dated ones when they expire',
    async run(bench) {
      for (const { symbol, kind, status, settle, inverse, expiry } of await instrumentsOf(bench)) {
        const derivative = kind !== 'spot';
        assert.equal(settle !== undefined && inverse !== undefined, derivative, `${symbol}: settle and inverse`);
        assert.equal(expiry !== undefined, kind === 'future' || kind === 'option', `${symbol}: expiry`);
        if (status === 'open' && expiry !== undefined)
          assert.ok(expiry > bench.world.now, `${symbol} trades and expired at ${expiry}`);
      }
    },
  },
  {
    room,
    name: 'an unknown symbol is refused by name, with the nearest one',
    async run({ connector, world, symbol }) {
      const error = await world.failure(connector.reference.instrument(`${symbol}X`), 'an unknown instrument');
      assert.ok(SpeedError.is(error, 'not-found'), String(error));
      assert.match(error.message, new RegExp(`"${symbol}"`));
    },
  },
  {
    room,
    name: 'instruments are asked for once, and again only on request',
    async run(bench) {
      const first = await instrumentsOf(bench);
      const { world, connector, venue } = bench;
      world.sim.faults.inject({ kind: 'http', status: 400, venue, durationMs: 600_000, target: 'rest' });
      assert.equal(await instrumentsOf(bench), first);
      await world.failure(connector.reference.instruments({ refresh: true }), 'a refresh that the venue refuses');
    },
  },
  {
    room,
    name: 'knows the time of the venue',
    capability: 'server time',
    async run({ connector, world }) {
      const before = world.now;
      const time = await world.settled(connector.reference.serverTime(), 'the time');
      assert.ok(time >= Math.floor(before) && time <= world.now, `${time} is not between ${before} and ${world.now}`);
    },
  },
  {
    room,
    name: 'an aborted question rejects with aborted',
    async run({ connector, world }) {
      const signal = AbortSignal.abort();
      const error = await world.failure(connector.reference.instruments({ signal, refresh: true }), 'an aborted question');
      assert.ok(SpeedError.is(error, 'aborted'), String(error));
    },
  },
];

function assertSymbolSays({ symbol, base, quote, settle, kind, expiry, strike, optionType }: Instrument): void {
  const parts = parseSymbol(symbol);
  assert.equal(formatSymbol(parts), symbol);
  assert.deepEqual([parts.base, parts.quote, parts.settle], [base, quote, settle], symbol);
  assert.equal(parts.expiry !== undefined, kind === 'future' || kind === 'option', symbol);
  if (expiry !== undefined) assert.equal(parts.expiry, new Date(expiry).toISOString().slice(2, 10).replaceAll('-', ''), symbol);
  assert.deepEqual([parts.strike, parts.optionType], [strike, optionType?.[0]?.toUpperCase()], symbol);
}
