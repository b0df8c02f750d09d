import type { CallOptions, Instrument, TradeEvent } from '@speed-protocol/core';
import type { Seen } from '@speed-protocol/wire';
import type { DeribitExchange } from '../exchange.js';
import { tradeNumber } from '../formats.js';

/** Does REST know nothing newer than what a silent subscription has brought? One cheap call each. */
export function quietChecks(exchange: DeribitExchange) {
  return {
    depth: async ({ symbol }: Instrument, { position }: Seen, options: CallOptions) => {
      const { sequence } = await exchange.depthSnapshot(symbol, { ...options, limit: 1 });
      return sequence === position;
    },
    trade: async ({ symbol }: Instrument, { position }: Seen, options: CallOptions) => {
      const newest = (await exchange.trades(symbol, { ...options, limit: 1 })).at(-1);
      // Nothing ever traded: nothing to miss.
      return newest === undefined || tradeNumber(newest.id) <= position;
    },
    quote: async ({ symbol }: Instrument, { event }: Seen, options: CallOptions) => {
      const { bid, bidSize, ask, askSize } = await exchange.quote(symbol, options);
      if (event?.type !== 'quote') return false;
      return event.bid === bid && event.bidSize === bidSize && event.ask === ask && event.askSize === askSize;
    },
  };
}

const PAGE = 1_000;

/** Trades after a position; one page, as REST serves no more at once. */
export function backfillOf(exchange: DeribitExchange) {
  return async ({ symbol }: Instrument, position: number, options: CallOptions): Promise<readonly TradeEvent[]> =>
    (await exchange.trades(symbol, { ...options, limit: PAGE })).filter(({ id }) => tradeNumber(id) > position);
}
