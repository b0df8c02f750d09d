import type { CapabilityDeclaration } from '@speed-protocol/core';
import type { VenueId } from './config.js';

/** What the venue can do; everything that speaks of it reads these literals. */
export const CAPABILITIES = {
  bybit: {
    market: {
      // Funding, liquidations and open interest exist on derivatives only.
      feeds: ['depth', 'trade', 'quote', 'ticker', 'candle', 'funding', 'liquidation', 'openInterest'],
      partialDepths: [1, 50, 200],
      candleIntervals: ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '1w', '1M'],
    },
    // The rate told is the one that will be charged next; none is told for the payment after it.
    funding: { current: true, predicted: false, history: true },
    trading: {
      orderTypes: ['limit', 'market'],
      timeInForce: ['GTC', 'IOC', 'FOK', 'POST_ONLY'],
      amend: ['price', 'amount'],
      // Contracts take 20, spot 10.
      batch: { place: 10, cancel: 10 },
      reduceOnly: true,
      orderSocket: true,
      // The venue cancels when private connections are gone, for institutions alone; there is no countdown.
      deadMansSwitch: false,
      refusesLate: true,
    },
    account: { positions: true, hedgeMode: true },
  },
} as const satisfies Readonly<Record<VenueId, CapabilityDeclaration>>;
