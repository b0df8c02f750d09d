import type { Instrument } from '@speed-protocol/core';

/** What a market is: the pair that names it everywhere. */
export interface MarketRef {
  readonly venue: string;
  readonly symbol: string;
}

export const sameMarket = (a: MarketRef, b: MarketRef): boolean => a.venue === b.venue && a.symbol === b.symbol;

/** Earlier is more likely to be wanted; what is not in the list comes last. */
const RANKS: readonly ((instrument: Instrument) => number)[] = [
  ({ status }) => (status === 'open' ? 0 : 1),
  ({ base }) => rank(['BTC', 'ETH', 'SOL'], base),
  ({ kind }) => ['perpetual', 'spot', 'future', 'option'].indexOf(kind),
  ({ quote }) => rank(['USDT', 'USD', 'USDC'], quote),
];

function rank(order: readonly string[], value: string): number {
  const at = order.indexOf(value);
  return at < 0 ? order.length : at;
}

/** Most wanted first: open before closed, BTC before others, perpetuals and spot before dated, common quotes first. */
export function byInterest(a: Instrument, b: Instrument): number {
  for (const of of RANKS) {
    const order = of(a) - of(b);
    if (order !== 0) return order;
  }
  return a.symbol < b.symbol ? -1 : 1;
}

/**
 * Instruments that match every word of the query in symbol, venue id or venue name: `eth usdm` finds ETH/USDT:USDT of
 * binanceusdm. A base that equals a word comes first.
 */
export function searchInstruments(
  instruments: readonly Instrument[],
  venueNames: ReadonlyMap<string, string>,
  query: string,
  limit: number,
): readonly Instrument[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = ({ symbol, venue, venueSymbol }: Instrument) =>
    `${symbol} ${venueSymbol} ${venue} ${venueNames.get(venue) ?? ''}`.toLowerCase();
  const hits = instruments.filter((instrument) => words.every((word) => text(instrument).includes(word)));
  const exact = (instrument: Instrument) => (words.includes(instrument.base.toLowerCase()) ? 0 : 1);
  return hits.sort((a, b) => exact(a) - exact(b) || byInterest(a, b)).slice(0, limit);
}
