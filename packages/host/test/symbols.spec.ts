import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Decimal, type Instrument, parseSymbol, SpeedError } from '@speed-protocol/core';
import { afterAll, describe, expect, it } from 'vitest';
import { AssetBook, ListingStore, loadListing, SymbolDirectory } from '../src/index.js';
import { VirtualClock } from './support/virtual-clock.js';

const one = '1' as Decimal;

function instrument(venue: string, symbol: string, venueSymbol: string, more: Partial<Instrument> = {}): Instrument {
  const { base, quote, settle, expiry } = parseSymbol(symbol);
  const kind = settle === undefined ? 'spot' : expiry === undefined ? 'perpetual' : 'future';
  const contract = settle === undefined ? {} : { settle, inverse: settle === base };
  const grid = { contractSize: one, tickSize: one, lotSize: one };
  return { venue, symbol, venueSymbol, kind, status: 'open', base, quote, ...contract, ...grid, ...more };
}

const day = Date.UTC(2026, 11, 25, 8);
const listings = [
  {
    venue: 'alpha',
    instruments: [
      instrument('alpha', 'BTC/USDT', 'BTCUSDT'),
      instrument('alpha', 'BTC/USDT:USDT', 'BTCUSDT'),
      instrument('alpha', '1000PEPE/USDT:USDT', '1000PEPEUSDT'),
      instrument('alpha', 'BTC/USD:BTC-261225', 'BTC-F', { expiry: day }),
      instrument('alpha', 'VAI/USDT', 'VAIUSDT'),
      instrument('alpha', 'ALT/USDT', 'ALTUSDT'),
    ],
  },
  {
    venue: 'beta',
    instruments: [
      instrument('beta', 'XBT/USDT:USDT', 'XBTUSDTM'),
      instrument('beta', 'kPEPE/USDT:USDT', 'kPEPE'),
      instrument('beta', 'PEPE/USDT:USDT', 'PEPE'),
      instrument('beta', 'BTC/USD:BTC-261225', 'BTC-25DEC26', { expiry: day + 3_600_000 }),
    ],
  },
  {
    venue: 'kucoin',
    instruments: [
      instrument('kucoin', 'VAI/USDT', 'VAI-USDT'),
      // Raw, and already renamed by its plugin.
      instrument('kucoin', 'KALT/USDT', 'KALT-USDT'),
      instrument('kucoin', 'ALT/BTC', 'KALT-BTC'),
    ],
  },
];
const directory = new SymbolDirectory(listings);
const names = (rows: readonly { readonly instrument: Instrument }[]) =>
  rows.map(({ instrument: { venue, symbol } }) => `${venue} ${symbol}`);

describe('currency codes', () => {
  const read = (code: string) => {
    const { coin, units } = new AssetBook().read('anywhere', code);
    return `${units} ${coin}`;
  };

  it.each([
    ['1000PEPE', '1000 PEPE'],
    ['kSHIB', '1000 SHIB'],
    ['1MBABYDOGE', '1000000 BABYDOGE'],
    ['1000000MOG', '1000000 MOG'],
    ['SHIB1000', '1000 SHIB'],
    ['10000LADYS', '10000 LADYS'],
    ['XBT', '1 BTC'],
  ])('reads %s as %s', (code, is) => expect(read(code)).toBe(is));

  // Coins of their own, however they look.
  it.each(['1INCH', '1000X', '1MIL', 'KAVA', 'KSM', 'C98', 'SPX6900', '100X', 'BTC'])('takes %s for a coin', (code) => {
    expect(read(code)).toBe(`1 ${code}`);
  });

  it('are what the configuration says before anything else', () => {
    const assets = new AssetBook({ alpha: { XPEPE: '1000 PEPE', VAI: 'VAIOT' } });
    expect(assets.read('alpha', 'XPEPE')).toMatchObject({ coin: 'PEPE', units: 1000 });
    expect(assets.read('alpha', 'VAI')).toMatchObject({ coin: 'VAIOT', units: 1 });
    expect(() => new AssetBook({ alpha: { ABC: ' ' } })).toThrow(/assets\.alpha\.ABC/);
  });
});

describe('an instrument across venues', () => {
  it('is the same under another ticker, and never of another kind', () => {
    expect(names(directory.across('BTC/USDT:USDT').same)).toEqual(['alpha BTC/USDT:USDT', 'beta XBT/USDT:USDT']);
    expect(directory.across('BTC/USDT:USDT')).toMatchObject({ refused: [], missing: ['kucoin'] });
  });

  it('is not the same in bundles, unless the bundles are', () => {
    const { same, refused } = directory.across('1000PEPE/USDT:USDT');
    expect(names(same)).toEqual(['alpha 1000PEPE/USDT:USDT', 'beta kPEPE/USDT:USDT']);
    expect(names(refused)).toEqual(['beta PEPE/USDT:USDT']);
    expect(refused[0]?.reason).toMatch(
      /counts in PEPE, not in 1000 PEPE: prices are 1000 times as small, amounts 1000 times as high/,
    );
    expect(names(directory.across('PEPE/USDT:USDT').refused)).toEqual(['alpha 1000PEPE/USDT:USDT', 'beta kPEPE/USDT:USDT']);
  });

  it('is not the same when its ticker is another coin there', () => {
    const { same, refused } = directory.across('VAI/USDT');
    expect(names(same)).toEqual(['alpha VAI/USDT']);
    expect(refused).toMatchObject([{ instrument: { venue: 'kucoin' }, coin: 'VAIOT' }]);
    expect(refused[0]?.reason).toMatch(/its VAI is VAIOT, another coin than VAI \(ccxt/);
    expect(names(directory.across('VAI/USDT', 'kucoin').same)).toEqual(['kucoin VAI/USDT']);
  });

  it('is found under the ticker that a venue gives it, and not renamed twice', () => {
    expect(names(directory.across('ALT/USDT').same)).toEqual(['alpha ALT/USDT', 'kucoin KALT/USDT']);
    expect(names(directory.across('ALT/BTC').same)).toEqual(['kucoin ALT/BTC']);
  });

  it('is the same by its day for a symbol, and only by its hour for an instrument', () => {
    expect(names(directory.across('BTC/USD:BTC-261225').same)).toEqual(['alpha BTC/USD:BTC-261225', 'beta BTC/USD:BTC-261225']);
    const { same, refused } = directory.across('BTC/USD:BTC-261225', 'alpha');
    expect([names(same), names(refused)]).toEqual([['alpha BTC/USD:BTC-261225'], ['beta BTC/USD:BTC-261225']]);
    expect(refused[0]?.reason).toMatch(/expires at 2026-12-25T09:00/);
  });
});

describe('names', () => {
  it('ask for the kind where a venue has one id for several', () => {
    expect(directory.resolve('alpha', 'BTCUSDT', 'spot').symbol).toBe('BTC/USDT');
    expect(directory.resolve('alpha', 'BTCUSDT', 'perpetual').symbol).toBe('BTC/USDT:USDT');
    expect(() => directory.resolve('alpha', 'BTCUSDT')).toThrow(/several.*BTC\/USDT \(spot\), BTC\/USDT:USDT \(perpetual\)/);
    expect(() => directory.resolve('alpha', 'BTCUSD')).toThrow(/did you mean "BTCUSDT"/);
    expect(names(directory.named('XBTUSDTM').map((each) => ({ instrument: each })))).toEqual(['beta XBT/USDT:USDT']);
  });

  it('of coins lead to where they trade', () => {
    const { same, refused } = directory.where({ coin: 'PEPE', kind: 'perpetual' });
    expect([names(same), names(refused)]).toEqual([
      ['beta PEPE/USDT:USDT'],
      ['alpha 1000PEPE/USDT:USDT', 'beta kPEPE/USDT:USDT'],
    ]);
    expect(names(directory.where({ coin: 'BTC', inverse: true }).same)).toHaveLength(2);
    expect(names(directory.where({ coin: 'BTC', kind: 'perpetual', settle: 'USDT' }).same)).toHaveLength(2);
    expect(directory.clashes().map(({ instrument: { venue, base } }) => `${venue} ${base}`)).toEqual(
      expect.arrayContaining(['alpha 1000PEPE', 'beta kPEPE', 'beta XBT', 'kucoin VAI']),
    );
  });
});

describe('listings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'speed-listings-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const store = new ListingStore(folder);
  const [{ instruments }] = listings as [(typeof listings)[0]];
  const away = () => Promise.reject(new SpeedError('connection', 'nobody there'));
  const HOUR = 3_600_000;

  it('are asked for once, kept, and said to be stale when the venue is away', async () => {
    const clock = new VirtualClock();
    const key = { venue: 'alpha', environment: 'demo' };
    const options = { maxAgeMs: HOUR, clock };
    await expect(loadListing(key, away, store, options)).rejects.toThrow('nobody there');
    await expect(loadListing(key, away, store, { ...options, offline: true })).rejects.toThrow(/symbols sync alpha/);
    expect(await loadListing(key, async () => instruments, store, options)).toMatchObject({ from: 'venue', ageMs: 0 });
    await clock.pass(HOUR);
    expect(await loadListing(key, away, store, options)).toEqual({
      ...{ venue: 'alpha', from: 'cache', ageMs: HOUR, stale: false, instruments },
      fetchedAt: clock.now() - HOUR,
    });
    await clock.pass(1);
    expect(await loadListing(key, away, store, options)).toMatchObject({ stale: true, ageMs: HOUR + 1, problem: 'nobody there' });
    expect(await loadListing(key, async () => [], store, { ...options, maxAgeMs: 0 })).toMatchObject({ from: 'venue' });
    expect(readdirSync(folder)).toEqual(['alpha.demo.json']);
  });

  it('of another environment or address are others, and damaged ones are none', async () => {
    const key = { venue: 'alpha', environment: 'sim', origin: 'http://127.0.0.1:1' };
    await store.write(key, { fetchedAt: 1, instruments });
    expect(await store.read({ ...key, origin: 'http://127.0.0.1:2' })).toBeUndefined();
    expect(await store.read(key)).toEqual({ fetchedAt: 1, instruments });
    for (const text of ['{"format":"speed-instruments-1","fetchedAt":1,"instruments":[{}]}', '{', 'null']) {
      writeFileSync(store.fileOf(key), text);
      expect(await store.read(key)).toBeUndefined();
    }
  });
});
