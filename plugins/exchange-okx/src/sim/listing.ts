import type { Listing } from '@speed-protocol/simulator';
import { ASSETS, type AssetRow } from './assets.js';

const DAY = 86_400_000;
/** Delivery is at 08:00 UTC on the last Friday of a quarter. */
const DELIVERY_HOUR = 8 * 3_600_000;
const FRIDAY = 5;
/** Bases with dated futures. */
const DATED = ['BTC', 'ETH'];

/** Everything that is listed; what trades by default comes first: linear, inverse and spot of BTC, then of ETH. */
export function listings(now: number): Listing[] {
  const rows = ASSETS.flatMap((asset) => [...swaps(asset), spot(asset)]);
  const cross: Listing = {
    ...spot(asset('ETH')),
    ...{ symbol: 'ETH/BTC', venueSymbol: 'ETH-BTC', quote: 'BTC', tickSize: '0.00001', asset: 'ETH/BTC' },
    price: asset('ETH').price / asset('BTC').price,
    quoteValue: asset('BTC').price,
  };
  const usdc = DATED.flatMap((base) => linear(asset(base), 'USDC'));
  const dated = quarterDeliveries(now).flatMap((expiry) =>
    DATED.flatMap((base) => swaps(asset(base)).map((swap) => dateListing(swap, expiry))),
  );
  return [...rows, cross, ...usdc, ...dated];
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

function spot({ base, price, spot: [tickSize, lotSize] }: AssetRow): Listing {
  const [symbol, venueSymbol] = [`${base}/USDT`, `${base}-USDT`];
  const place = { symbol, venueSymbol, kind: 'spot', base, quote: 'USDT', asset: base } as const;
  return { ...place, contractSize: '1', tickSize, lotSize, price };
}

function swaps(row: AssetRow): Listing[] {
  return [...linear(row, 'USDT'), ...inverse(row)];
}

function linear({ base, price, swap, fundingHours = 8 }: AssetRow, quote: string): Listing[] {
  if (!swap) return [];
  const [contractSize, tickSize, lotSize] = swap;
  const place = { symbol: `${base}/${quote}:${quote}`, venueSymbol: `${base}-${quote}-SWAP`, base, quote, asset: base };
  const terms = { settle: quote, inverse: false, contractSize, tickSize, lotSize, price };
  return [{ ...place, kind: 'perpetual', ...terms, fundingIntervalHours: fundingHours }];
}

function inverse({ base, price, inverse: tickSize }: AssetRow): Listing[] {
  if (tickSize === undefined) return [];
  const place = { symbol: `${base}/USD:${base}`, venueSymbol: `${base}-USD-SWAP`, base, quote: 'USD', asset: base };
  const contractSize = base === 'BTC' ? '100' : '10';
  const terms = { settle: base, inverse: true, contractSize, tickSize, lotSize: '1', price };
  return [{ ...place, kind: 'perpetual', ...terms, fundingIntervalHours: 8 }];
}

function dateListing(swap: Listing, expiry: number): Listing {
  const { fundingIntervalHours: _, ...rest } = swap;
  const code = new Date(expiry).toISOString().slice(2, 10).replaceAll('-', '');
  const venueSymbol = swap.venueSymbol.replace(/SWAP$/, code);
  return { ...rest, kind: 'future', expiry, symbol: `${swap.symbol}-${code}`, venueSymbol };
}
