import type { QuoteEvent, TradeEvent } from '@speed-protocol/core';
import type { Seen } from './rows.js';

/** Does REST know no trade newer than what a silent subscription has brought? @param newest the last ones, oldest first */
export function noNewerTrade(newest: readonly TradeEvent[], { position }: Seen): boolean {
  const last = newest.at(-1);
  // Nothing ever traded: nothing to miss.
  return last === undefined || Number(last.id) <= position;
}

/** Does REST know no other quote than the last one of a silent subscription? */
export function sameQuote({ bid, bidSize, ask, askSize }: QuoteEvent, { event }: Seen): boolean {
  if (event?.type !== 'quote') return false;
  return event.bid === bid && event.bidSize === bidSize && event.ask === ask && event.askSize === askSize;
}

/** Trades that follow a position, to fill the hole that a cut has left. */
export function tradesAfter(trades: readonly TradeEvent[], position: number): readonly TradeEvent[] {
  return trades.filter(({ id }) => Number(id) > position);
}
