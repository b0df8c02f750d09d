import { type IntervalNames, inMinutes, intervalNames, type Params, type Span, sideFromWire } from '@speed-protocol/wire';

/** Futures that settle in the coin: their amounts are dollars. `BTC-PERPETUAL`, `BTC-27JUN25`; not `BTC_USDC-PERPETUAL`. */
export function isInverse(venueSymbol: string): boolean {
  return /^[A-Z0-9]+-(PERPETUAL|\d{1,2}[A-Z]{3}\d{2})$/.test(venueSymbol);
}

export function isOption(venueSymbol: string): boolean {
  return /-[CP]$/.test(venueSymbol);
}

export function isSpot(venueSymbol: string): boolean {
  return !venueSymbol.includes('-');
}

/** Side of the order that was forced: the taker's own, or against it where the maker was liquidated. */
export function liquidatedSide(direction: string, liquidation: string): 'buy' | 'sell' {
  const taker = sideFromWire(direction);
  if (liquidation.includes('T')) return taker;
  return taker === 'buy' ? 'sell' : 'buy';
}

/** Hours for which the venue quotes its rate, which is paid all the time. */
export const FUNDING_HOURS = 8;
const HOUR_MS = 3_600_000;

/** Hours of history that the venue gives at once. */
export const FUNDING_PAGE = 744;

/** The venue takes no span without both ends. */
export function spanToWire({ since, until, limit = FUNDING_PAGE }: Span, now: number): Params {
  const end = until ?? Math.floor(now);
  return { start_timestamp: since ?? Math.max(0, end - limit * HOUR_MS + 1), end_timestamp: end };
}

/** The venue's resolutions; minutes, all but the day. */
export const INTERVALS: IntervalNames = intervalNames({
  ...inMinutes('1m', '3m', '5m', '10m', '15m', '30m', '1h', '2h', '3h', '6h', '12h'),
  '1d': '1D',
});
