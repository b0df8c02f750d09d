import { type FundingRate, type Instrument, SpeedError } from '@speed-protocol/core';
import type { Params, Span } from '@speed-protocol/wire';

/**
 * A number that must be there; "" is the venue's way to say that there is none.
 * @throws SpeedError `protocol` naming the field
 */
function requiredNumber(text: string | undefined, field: string): number {
  const value = Number(text || Number.NaN);
  if (Number.isFinite(value)) return value;
  throw new SpeedError('protocol', `field "${field}" must be a number and is ${JSON.stringify(text)}`);
}

/**
 * Side of the taker.
 * @throws SpeedError `protocol` when it is neither
 */
export function sideFromWire(side: string): 'buy' | 'sell' {
  if (side === 'buy' || side === 'sell') return side;
  throw new SpeedError('protocol', `field "side" must be buy or sell and is ${JSON.stringify(side)}`);
}

/** What the columns of a candle hold. Old candles lack the last ones. */
export interface CandleColumns {
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Base units on spot, contracts on derivatives. */
  readonly volume: number;
  /** `null` where the venue does not say (before 2022-07). */
  readonly confirmed: boolean | null;
}

const CONFIRM_COLUMN = 8;

/** @throws SpeedError `protocol` naming the column that is no number */
export function candleColumns(row: readonly string[]): CandleColumns {
  const [openTime, open, high, low, close, volume] = ['time', 'open', 'high', 'low', 'close', 'volume'].map((column, i) =>
    requiredNumber(row[i], `${column} of a candle`),
  ) as [number, number, number, number, number, number];
  const confirm = row[CONFIRM_COLUMN];
  return { openTime, open, high, low, close, volume, confirmed: confirm === undefined ? null : confirm === '1' };
}

const HOUR_MS = 3_600_000;

/** Hours between this payment and the next one, which is the venue's real interval; `null` when it does not say. */
export function intervalHours(fundingTime: number, nextFundingTime: number): number | null {
  const hours = (nextFundingTime - fundingTime) / HOUR_MS;
  return hours > 0 ? hours : null;
}

/** Of a contract without funding. */
export function unfunded(
  { venue, symbol, venueSymbol }: Instrument,
  prices: Pick<FundingRate, 'markPrice' | 'indexPrice'>,
): FundingRate {
  const none = { rate: null, predictedRate: null, nextFundingTime: null, intervalHours: null, apr: null };
  return { venue, symbol, venueSymbol, venueTime: null, ...none, ...prices };
}

/** The venue's words leave both ends out. */
export function spanToWire({ since, until, limit }: Span): Params {
  return {
    before: since === undefined ? undefined : since - 1,
    after: until === undefined ? undefined : until + 1,
    limit,
  };
}

/** The venue's names of kinds. */
export const INST_TYPES: Readonly<Record<Instrument['kind'], string>> = {
  spot: 'SPOT',
  perpetual: 'SWAP',
  future: 'FUTURES',
  option: 'OPTION',
};

/** The index that an instrument follows, e.g. `BTC-USDT`. */
export function indexOf({ base, quote }: Pick<Instrument, 'base' | 'quote'>): string {
  return `${base}-${quote}`;
}

/** From six hours on the venue has two kinds of candles: those that open at 00:00 UTC are ours, as on all other venues. */
const BARS: Readonly<Record<string, string>> = {
  '1s': '1s',
  '1m': '1m',
  '3m': '3m',
  '5m': '5m',
  '15m': '15m',
  '30m': '30m',
  '1h': '1H',
  '2h': '2H',
  '4h': '4H',
  '6h': '6Hutc',
  '12h': '12Hutc',
  '1d': '1Dutc',
  '3d': '3Dutc',
  '1w': '1Wutc',
  '1M': '1Mutc',
};
const INTERVALS: ReadonlyMap<string, string> = new Map(Object.entries(BARS).map(([interval, bar]) => [bar, interval]));

/**
 * The venue's `bar` of an interval.
 * @throws SpeedError `unsupported` listing what there is
 */
export function barToWire(interval: string, venue: string): string {
  const bar = Object.hasOwn(BARS, interval) ? BARS[interval] : undefined;
  if (bar !== undefined) return bar;
  throw new SpeedError('unsupported', `${venue} has no candles of "${interval}"; it has ${Object.keys(BARS).join(', ')}`, {
    venue,
  });
}

/** The interval of a `bar`; those that open at 00:00 in Hong Kong keep the venue's name. */
export function barFromWire(bar: string): string {
  return INTERVALS.get(bar) ?? bar;
}
