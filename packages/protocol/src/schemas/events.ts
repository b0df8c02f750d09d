import { z } from 'zod';
import { errorShape } from './errors.js';
import { channel, feed, level, nullableNumber, side, time } from './scalars.js';

/** On every pushed event. */
const base = {
  venue: z.string(),
  symbol: z.string().nullable(),
  venueSymbol: z.string().describe("the venue's id as sent"),
  venueTime: z.number().nullable().describe('ms as the venue sent it; null when the frame carries none'),
  receivedAt: time.describe('when the bytes arrived at the server, before decoding: ms since epoch with a fraction'),
  recovered: z.boolean().optional().describe('from a backfill after a cut'),
  channel,
};

const event = <T extends string, S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape, ...base });

export const depthMessage = event('depth', {
  kind: z.enum(['snapshot', 'delta']),
  sequence: nullableNumber,
  prevSequence: nullableNumber,
  bids: z.array(level),
  asks: z.array(level),
});
export const tradeMessage = event('trade', { id: z.string(), price: z.number(), size: z.number(), side });
export const quoteMessage = event('quote', {
  bid: nullableNumber,
  bidSize: nullableNumber,
  ask: nullableNumber,
  askSize: nullableNumber,
});
export const tickerMessage = event('ticker', {
  last: nullableNumber,
  open: nullableNumber,
  high: nullableNumber,
  low: nullableNumber,
  volume: nullableNumber,
  quoteVolume: nullableNumber,
});
export const candleMessage = event('candle', {
  interval: z.string(),
  openTime: time,
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
  closed: z.boolean(),
});
export const fundingMessage = event('funding', {
  rate: nullableNumber,
  predictedRate: nullableNumber,
  nextFundingTime: nullableNumber,
  intervalHours: nullableNumber,
  markPrice: nullableNumber,
  indexPrice: nullableNumber,
});
export const liquidationMessage = event('liquidation', { side, price: z.number(), size: z.number() });
export const openInterestMessage = event('openInterest', { amount: z.number() });
export const greeksMessage = event('greeks', {
  ...{ delta: nullableNumber, gamma: nullableNumber, vega: nullableNumber, theta: nullableNumber, rho: nullableNumber },
  markIv: nullableNumber.describe('implied volatility of a year, as a fraction'),
  bidIv: nullableNumber,
  askIv: nullableNumber,
  markPrice: nullableNumber,
  underlyingPrice: nullableNumber,
});
export const gapMessage = event('gap', {
  feed,
  reason: z.enum(['disconnect', 'sequence', 'overflow', 'stale', 'decode']),
}).describe('the feed has a hole here; for depth a snapshot follows');

/** The book as it is now: how good it is travels with what it says. */
export const bookState = {
  venue: z.string(),
  symbol: z.string(),
  state: z.enum(['syncing', 'live', 'stale']).describe('show prices as current only when live'),
  sequence: nullableNumber,
  ageMs: nullableNumber.describe('since the last change or confirmation'),
  gaps: z.int(),
  resyncs: z.int(),
  venueTime: nullableNumber,
  receivedAt: nullableNumber,
  bids: z.array(level).describe('best first'),
  asks: z.array(level).describe('best first'),
};
export const bookMessage = z
  .object({ type: z.literal('book'), channel, ...bookState })
  .describe('conflated top of the book: the newest state, not every change');
export const endMessage = z
  .object({ type: z.literal('end'), channel, error: errorShape })
  .describe('the server ended this channel for good; subscribe again when the cause is gone');

export const pushedEvent = z.discriminatedUnion('type', [
  depthMessage,
  tradeMessage,
  quoteMessage,
  tickerMessage,
  candleMessage,
  fundingMessage,
  liquidationMessage,
  openInterestMessage,
  greeksMessage,
  gapMessage,
  bookMessage,
  endMessage,
]);
