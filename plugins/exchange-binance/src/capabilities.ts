import type { CapabilityDeclaration, TradingDeclaration } from '@speed-protocol/core';
import type { VenueId } from './config.js';

const FUTURES_INTERVALS = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1M'] as const;
const PARTIAL_DEPTHS = [5, 10, 20] as const;

const trading = {
  orderTypes: ['limit', 'market'],
  timeInForce: ['GTC', 'IOC', 'FOK', 'POST_ONLY'],
  orderSocket: true,
  refusesLate: true,
} as const;

const spotTrading = {
  ...trading,
  // Keeps the place in the queue; anything else is a cancel and a new order.
  amend: ['amount-down'],
  reduceOnly: false,
  deadMansSwitch: false,
} as const satisfies TradingDeclaration;

const futuresTrading = {
  ...trading,
  amend: ['price', 'amount'],
  batch: { place: 5, cancel: 10 },
  reduceOnly: true,
  deadMansSwitch: true,
} as const satisfies TradingDeclaration;

const futures = {
  market: {
    feeds: ['depth', 'trade', 'quote', 'ticker', 'candle', 'funding', 'liquidation', 'openInterest'],
    partialDepths: PARTIAL_DEPTHS,
    candleIntervals: FUTURES_INTERVALS,
    // No stream tells open interest.
    polled: ['openInterest'],
  },
  // The streamed and the asked rate are the running estimate of the next settlement; none is published beyond it.
  funding: { current: true, predicted: false, history: true },
  trading: futuresTrading,
  account: { positions: true, hedgeMode: true },
} as const satisfies CapabilityDeclaration;

/** What each venue can do; everything that speaks of it reads these literals. */
export const CAPABILITIES = {
  binance: {
    market: {
      feeds: ['depth', 'trade', 'quote', 'ticker', 'candle'],
      partialDepths: PARTIAL_DEPTHS,
      candleIntervals: ['1s', ...FUTURES_INTERVALS],
    },
    trading: spotTrading,
    account: { positions: false, hedgeMode: false },
  },
  binanceusdm: futures,
  binancecoinm: futures,
} as const satisfies Readonly<Record<VenueId, CapabilityDeclaration>>;
