import type { CallOptions, DepthEvent, Instrument, QuoteEvent, TradeEvent } from '@speed-protocol/core';
import type { Seen, TopicRow } from './rows.js';

type Limited = CallOptions & { readonly limit?: number };
type IsQuiet = NonNullable<TopicRow['isQuiet']>;

/** What REST is asked for the newest. */
interface Newest {
  depthSnapshot(symbol: string, options: Limited): Promise<Pick<DepthEvent, 'sequence'>>;
  /** The last ones, oldest first. */
  trades(symbol: string, options: Limited): Promise<readonly TradeEvent[]>;
  quote(symbol: string, options: CallOptions): Promise<QuoteEvent>;
}

/** Does REST know nothing newer than what a silent subscription has brought? One cheap call each. */
export const quietChecks = {
  /** @param levels as few as the venue gives */
  book:
    (exchange: Pick<Newest, 'depthSnapshot'>, levels: number): IsQuiet =>
    async ({ symbol }, { position }, options) =>
      (await exchange.depthSnapshot(symbol, { ...options, limit: levels })).sequence === position,

  trade:
    (exchange: Pick<Newest, 'trades'>): IsQuiet =>
    async ({ symbol }, { position }, options) => {
      const newest = (await exchange.trades(symbol, { ...options, limit: 1 })).at(-1);
      // Nothing ever traded: nothing to miss.
      return newest === undefined || tradeNumber(newest.id) <= position;
    },

  /** For ids that have no order. */
  tradeById:
    (exchange: Pick<Newest, 'trades'>): IsQuiet =>
    async ({ symbol }, { event }, options) => {
      const newest = (await exchange.trades(symbol, { ...options, limit: 1 })).at(-1);
      return newest === undefined || (event?.type === 'trade' && event.id === newest.id);
    },

  quote:
    (exchange: Pick<Newest, 'quote'>): IsQuiet =>
    async ({ symbol }: Instrument, { event }: Seen, options: CallOptions) => {
      const { bid, bidSize, ask, askSize } = await exchange.quote(symbol, options);
      if (event?.type !== 'quote') return false;
      return event.bid === bid && event.bidSize === bidSize && event.ask === ask && event.askSize === askSize;
    },
} as const;

/** Trades that fill the hole which a cut has left: those of one page, as REST serves no more at once. */
export function tradesSince(exchange: Pick<Newest, 'trades'>, page: number): NonNullable<TopicRow['since']> {
  return async ({ symbol }, position, options) =>
    (await exchange.trades(symbol, { ...options, limit: page })).filter(({ id }) => tradeNumber(id) > position);
}

/** The number in a trade's id. Some venues put the market before it: `ETH-284830839`. */
export function tradeNumber(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}
