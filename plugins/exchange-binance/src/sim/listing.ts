import type { Listing } from '@speed-protocol/simulator';
import { ASSETS, type AssetRow } from './assets.js';

const DAY = 86_400_000;
/** Delivery is at 08:00 UTC on the last Friday of a quarter. */
const DELIVERY_HOUR = 8 * 3_600_000;
const FRIDAY = 5;

/** Deliveries of the running and the next quarter, ms. A quarter that ends within a day counts as over. */
export function quarterDeliveries(now: number): readonly [current: number, next: number] {
  const date = new Date(now);
  const quarter = Math.floor(date.getUTCMonth() / 3);
  const candidates = [0, 1, 2].map((ahead) => lastFriday(date.getUTCFullYear(), 3 * (quarter + ahead) + 2));
  const open = candidates.filter((time) => time > now + DAY);
  return [open[0]!, open[1]!];
}

/** 08:00 UTC of the last Friday of a month (0-11; beyond 11 runs into the next year). */
function lastFriday(year: number, month: number): number {
  const lastDay = Date.UTC(year, month + 1, 0);
  const back = (new Date(lastDay).getUTCDay() - FRIDAY + 7) % 7;
  return lastDay - back * DAY + DELIVERY_HOUR;
}

/** `YYMMDD`, as venue ids and unified symbols of dated futures end. */
function dateCode(time: number): string {
  return new Date(time).toISOString().slice(2, 10).replaceAll('-', '');
}

export function spotListing(): Listing[] {
  const usdt = ASSETS.flatMap((asset) => (asset.spot ? [spotPair(asset, 'USDT', asset.spot)] : []));
  const btc = spotPair(row('BTC'), 'USDC', ['0.01', '0.00001']);
  const cross: Listing = {
    ...spotPair(row('ETH'), 'BTC', ['0.00001', '0.0001']),
    price: row('ETH').price / row('BTC').price,
    quoteValue: row('BTC').price,
    asset: 'ETH/BTC',
    minNotional: '0.0001',
  };
  return [...usdt, btc, cross];
}

export function linearListing(now: number): Listing[] {
  const perpetuals = ASSETS.flatMap((asset) => (asset.linear ? [linearPerpetual(asset, 'USDT', asset.linear)] : []));
  const usdc = ['BTC', 'ETH'].map((base) => linearPerpetual(row(base), 'USDC', row(base).linear!));
  const dated = quarterDeliveries(now).flatMap((expiry) =>
    ['BTC', 'ETH'].map((base) => dateListing(linearPerpetual(row(base), 'USDT', row(base).linear!), expiry, '')),
  );
  return [...perpetuals, ...usdc, ...dated];
}

export function inverseListing(now: number): Listing[] {
  const perpetuals = ASSETS.flatMap((asset) => (asset.inverse ? [inversePerpetual(asset, asset.inverse)] : []));
  const dated = quarterDeliveries(now).flatMap((expiry) =>
    ['BTC', 'ETH'].map((base) => dateListing(inversePerpetual(row(base), row(base).inverse!), expiry, '_PERP')),
  );
  return [...perpetuals, ...dated];
}

function row(base: string): AssetRow {
  return ASSETS.find((asset) => asset.base === base)!;
}

function spotPair(asset: AssetRow, quote: string, [tickSize, lotSize]: readonly [string, string]): Listing {
  const { base, price } = asset;
  return {
    symbol: `${base}/${quote}`,
    venueSymbol: `${base}${quote}`,
    kind: 'spot',
    base,
    quote,
    contractSize: '1',
    tickSize,
    lotSize,
    minNotional: '5',
    asset: base,
    price,
  };
}

function linearPerpetual(asset: AssetRow, quote: string, [tickSize, lotSize]: readonly [string, string]): Listing {
  const multiplier = asset.multiplier ?? 1;
  const base = multiplier === 1 ? asset.base : `${multiplier}${asset.base}`;
  return {
    symbol: `${base}/${quote}:${quote}`,
    venueSymbol: `${base}${quote}`,
    kind: 'perpetual',
    base,
    quote,
    settle: quote,
    inverse: false,
    contractSize: '1',
    tickSize,
    lotSize,
    minNotional: '5',
    fundingIntervalHours: asset.fundingHours ?? 8,
    asset: asset.base,
    price: asset.price * multiplier,
  };
}

function inversePerpetual(asset: AssetRow, tickSize: string): Listing {
  const { base, price } = asset;
  return {
    symbol: `${base}/USD:${base}`,
    venueSymbol: `${base}USD_PERP`,
    kind: 'perpetual',
    base,
    quote: 'USD',
    settle: base,
    inverse: true,
    contractSize: base === 'BTC' ? '100' : '10',
    tickSize,
    lotSize: '1',
    fundingIntervalHours: 8,
    asset: base,
    price,
  };
}

/** The dated future of a perpetual. @param suffix what its venue id ends with, replaced by the date */
function dateListing(perpetual: Listing, expiry: number, suffix: string): Listing {
  const { fundingIntervalHours: _, ...rest } = perpetual;
  const stem = perpetual.venueSymbol.slice(0, perpetual.venueSymbol.length - suffix.length);
  const code = dateCode(expiry);
  return { ...rest, kind: 'future', expiry, symbol: `${perpetual.symbol}-${code}`, venueSymbol: `${stem}_${code}` };
}
