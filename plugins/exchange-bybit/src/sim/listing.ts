import type { Listing } from '@speed-protocol/simulator';
import { ASSETS, type AssetRow } from './assets.js';

const DAY = 86_400_000;
/** Delivery is at 08:00 UTC on the last Friday of a quarter. */
const DELIVERY_HOUR = 8 * 3_600_000;
const FRIDAY = 5;
/** Bases with dated futures and with contracts in USDC. */
const DATED = ['BTC', 'ETH'];
/** Smallest order in quote. */
const MIN_NOTIONAL = '5';
/** Letters of the last months of quarters, in ids of inverse futures. */
const MONTH_CODES: Readonly<Record<number, string>> = { 2: 'H', 5: 'M', 8: 'U', 11: 'Z' };

export type Category = 'spot' | 'linear' | 'inverse';

export function categoryOf({ kind, inverse }: Pick<Listing, 'kind' | 'inverse'>): Category {
  if (kind === 'spot') return 'spot';
  return inverse ? 'inverse' : 'linear';
}

/** Spot pairs are called as the perpetuals are, so they go by another key. */
export function keyOf(category: string, venueSymbol: string): string {
  return category === 'spot' ? `spot/${venueSymbol}` : venueSymbol;
}

/** Everything that is listed; what trades by default comes first: linear, inverse and spot of BTC, then of ETH. */
export function listings(now: number): Listing[] {
  const rows = ASSETS.flatMap((asset) => [...linear(asset), ...inverse(asset), ...spot(asset)]);
  const cross = spot({ ...asset('ETH'), spot: ['0.000001', '0.00001'] }).map((listing) => ({
    ...listing,
    ...{
      symbol: 'ETH/BTC',
      venueSymbol: 'ETHBTC',
      key: keyOf('spot', 'ETHBTC'),
      quote: 'BTC',
      asset: 'ETH/BTC',
      minNotional: '0.00005',
    },
    price: asset('ETH').price / asset('BTC').price,
    quoteValue: asset('BTC').price,
  }));
  const usdc = DATED.flatMap((base) => usdcPerpetual(asset(base)));
  const dated = quarterDeliveries(now).flatMap((expiry) => DATED.flatMap((base) => datedListings(asset(base), expiry)));
  return [...rows, ...cross, ...usdc, ...dated];
}

/** Deliveries of the running and the next quarter, ms. A quarter that ends within a day counts as over. */
function quarterDeliveries(now: number): readonly number[] {
  const date = new Date(now);
  const quarter = Math.floor(date.getUTCMonth() / 3);
  const candidates = [0, 1, 2].map((ahead) => lastFriday(date.getUTCFullYear(), 3 * (quarter + ahead) + 2));
  return candidates.filter((time) => time > now + DAY).slice(0, 2);
}

/** 08:00 UTC of the last Friday of a month (0-11; beyond 11 runs into the next year). */
function lastFriday(year: number, month: number): number {
  const lastDay = Date.UTC(year, month + 1, 0);
  const back = (new Date(lastDay).getUTCDay() - FRIDAY + 7) % 7;
  return lastDay - back * DAY + DELIVERY_HOUR;
}

function asset(base: string): AssetRow {
  return ASSETS.find((row) => row.base === base)!;
}

function spot({ base, price, spot: grid }: AssetRow): Listing[] {
  if (!grid) return [];
  const [tickSize, lotSize] = grid;
  const [symbol, venueSymbol] = [`${base}/USDT`, `${base}USDT`];
  const place = { symbol, venueSymbol, key: keyOf('spot', venueSymbol), kind: 'spot', base, quote: 'USDT', asset: base } as const;
  return [{ ...place, contractSize: '1', tickSize, lotSize, minNotional: MIN_NOTIONAL, price }];
}

function linear(row: AssetRow, quote = 'USDT', venueSymbol = `${row.base}${quote}`): Listing[] {
  const { base, price, linear: grid, fundingHours = 8 } = row;
  if (!grid) return [];
  const [tickSize, lotSize] = grid;
  const place = { symbol: `${base}/${quote}:${quote}`, venueSymbol, base, quote, asset: base };
  const terms = { settle: quote, inverse: false, contractSize: '1', tickSize, lotSize, minNotional: MIN_NOTIONAL, price };
  return [{ ...place, kind: 'perpetual', ...terms, fundingIntervalHours: fundingHours }];
}

function usdcPerpetual(row: AssetRow): Listing[] {
  return linear(row, 'USDC', `${row.base}PERP`);
}

function inverse({ base, price, inverse: tickSize }: AssetRow): Listing[] {
  if (tickSize === undefined) return [];
  const place = { symbol: `${base}/USD:${base}`, venueSymbol: `${base}USD`, base, quote: 'USD', asset: base };
  const terms = { settle: base, inverse: true, contractSize: '1', tickSize, lotSize: '1', price };
  return [{ ...place, kind: 'perpetual', ...terms, fundingIntervalHours: 8 }];
}

/** `BTCUSDT-25DEC26`, `BTC-25DEC26` and `BTCUSDZ26`. */
function datedListings(row: AssetRow, expiry: number): Listing[] {
  const date = new Date(expiry);
  // `Fri, 25 Dec 2026 08:00:00 GMT`
  const [, day, month, full = ''] = date.toUTCString().toUpperCase().split(' ');
  const year = full.slice(2);
  const [usdt, usdc, coin] = [linear(row), usdcPerpetual(row), inverse(row)];
  const code = `${Number(day)}${month}${year}`;
  return [
    ...usdt.map((listing) => dated(listing, `${row.base}USDT-${code}`, expiry)),
    ...usdc.map((listing) => dated(listing, `${row.base}-${code}`, expiry)),
    ...coin.map((listing) => dated(listing, `${row.base}USD${MONTH_CODES[date.getUTCMonth()]}${year}`, expiry)),
  ];
}

function dated(perpetual: Listing, venueSymbol: string, expiry: number): Listing {
  const { fundingIntervalHours: _, ...rest } = perpetual;
  const code = new Date(expiry).toISOString().slice(2, 10).replaceAll('-', '');
  return { ...rest, kind: 'future', expiry, symbol: `${perpetual.symbol}-${code}`, venueSymbol };
}
