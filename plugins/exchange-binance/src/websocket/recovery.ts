import type { TopicRow } from '@speed-protocol/wire';
import { noNewerTrade, sameQuote, tradesAfter } from '@speed-protocol/wire';
import type { BinanceExchange } from '../exchange.js';

type IsQuiet = NonNullable<TopicRow['isQuiet']>;
type Since = NonNullable<TopicRow['since']>;

/** Does REST know nothing newer than what a silent subscription has brought? One cheap call each. */
export function quietChecks(exchange: BinanceExchange): Readonly<Record<'book' | 'trade' | 'aggTrade' | 'quote', IsQuiet>> {
  return {
    book: async ({ symbol }, { position }, options) =>
      (await exchange.depthSnapshot(symbol, { ...options, limit: 5 })).sequence === position,
    trade: async ({ symbol }, seen, options) => noNewerTrade(await exchange.trades(symbol, { ...options, limit: 1 }), seen),
    aggTrade: async ({ symbol }, seen, options) => noNewerTrade(await exchange.aggTrades(symbol, { ...options, limit: 1 }), seen),
    quote: async ({ symbol }, seen, options) => sameQuote(await exchange.quote(symbol, options), seen),
  };
}

/** Trades after a position; one page, as REST serves no more at once. */
export function backfills(exchange: BinanceExchange): Readonly<Record<'trade' | 'aggTrade', Since>> {
  const limit = 1000;
  return {
    trade: async ({ symbol }, position, options) => tradesAfter(await exchange.trades(symbol, { ...options, limit }), position),
    aggTrade: async ({ symbol }, position, options) =>
      tradesAfter(await exchange.aggTrades(symbol, { ...options, fromId: String(position + 1), limit }), position),
  };
}
