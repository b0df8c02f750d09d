import type { Listing } from '@speed-protocol/simulator';
import { ASSETS, type AssetRow } from './assets.js';

const DAY = 86_400_000;
/** Contracts expire at 08:00 UTC, the dated ones on a Friday. */
const EXPIRY_HOUR = 8 * 3_600_000;
const FRIDAY = 5;

/** Everything that is listed; what trades by default comes first: contracts in coins, then linear ones and spot. */
export function listings(now: number): Listing[] {
  const coins = ASSETS.flatMap((asset) => (asset.coin ? [inverse(asset, asset.coin)] : []));
  const linears = ASSETS.flatMap((asset) => (asset.usdc ? [linear(asset, asset.usdc)] : []));
  const spots = ASSETS.flatMap((asset) => (asset.spot ? [spot(asset, asset.spot)] : []));
  const dated = quarterExpiries(now).flatMap((expiry) => coins.map((listing) => dateListing(listing, expiry)));
  return [...coins, ...linears, ...spots, ...dated];
}

/** Expiries of the running and the next quarter, ms. A quarter that ends within a day counts as over. */
function quarterExpiries(now: number): readonly number[] {
  const date = new Date(now);
  const quarter = Math.floor(date.getUTCMonth() / 3);
  const candidates = [0, 1, 2].map((ahead) => lastFriday(date.getUTCFullYear(), 3 * (quarter + ahead) + 2));
  return candidates.filter((time) => time > now + DAY).slice(0, 2);
}

/** 08:00 UTC of the last Friday of a month (0-11; beyond 11 runs into the next year). */
function lastFriday(year: number, month: number): number {
  const lastDay = Date.UTC(year, month + 1, 0);
  const back = (new Date(lastDay).getUTCDay() - FRIDAY + 7) % 7;
  return lastDay - back * DAY + EXPIRY_HOUR;
}

/** Amounts are dollars, and the venue's contract is the step: so one contract of the engine is a dollar. */
function inverse({ base, price }: AssetRow, [tickSize, lotSize]: readonly [string, string]): Listing {
  const place = { symbol: `${base}/USD:${base}`, venueSymbol: `${base}-PERPETUAL`, base, quote: 'USD', asset: base };
  const terms = { settle: base, inverse: true, contractSize: '1', tickSize, lotSize, price };
  return { ...place, kind: 'perpetual', ...terms, fundingIntervalHours: 1 };
}

function linear({ base, price }: AssetRow, [tickSize, lotSize]: readonly [string, string]): Listing {
  const place = { symbol: `${base}/USDC:USDC`, venueSymbol: `${base}_USDC-PERPETUAL`, base, quote: 'USDC', asset: base };
  const terms = { settle: 'USDC', inverse: false, contractSize: '1', tickSize, lotSize, price };
  return { ...place, kind: 'perpetual', ...terms, fundingIntervalHours: 1 };
}

function spot({ base, price }: AssetRow, [tickSize, lotSize]: readonly [string, string]): Listing {
  const place = { symbol: `${base}/USDC`, venueSymbol: `${base}_USDC`, kind: 'spot', base, quote: 'USDC', asset: base } as const;
  return { ...place, contractSize: '1', tickSize, lotSize, price };
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

function dateListing(perpetual: Listing, expiry: number): Listing {
  const { fundingIntervalHours: _, ...rest } = perpetual;
  const date = new Date(expiry);
  const code = date.toISOString().slice(2, 10).replaceAll('-', '');
  const venueCode = `${date.getUTCDate()}${MONTHS[date.getUTCMonth()]}${code.slice(0, 2)}`;
  const venueSymbol = perpetual.venueSymbol.replace(/PERPETUAL$/, venueCode);
  return { ...rest, kind: 'future', expiry, symbol: `${perpetual.symbol}-${code}`, venueSymbol };
}
