import type { Instrument } from '@speed-protocol/core';
import { intervalNames, type Params, type Span } from '@speed-protocol/wire';

const HOUR_MS = 3_600_000;

/** Hours between this payment and the next one, which is the venue's real interval; `null` when it does not say. */
export function intervalHours(fundingTime: number, nextFundingTime: number): number | null {
  const hours = (nextFundingTime - fundingTime) / HOUR_MS;
  return hours > 0 ? hours : null;
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

/** `bar`. From six hours on the venue has two kinds of candles: those that open at 00:00 UTC are ours, as on all other venues. Those of Hong Kong keep the venue's name. */
export const BARS = intervalNames({
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
});
