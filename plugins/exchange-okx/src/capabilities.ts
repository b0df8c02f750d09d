import type { CapabilityDeclaration } from '@speed-protocol/core';
import type { VenueId } from './config.js';

/** What the venue can do; everything that speaks of it reads these literals. */
export const CAPABILITIES = {
  okx: {
    market: {
      // Funding, liquidations and open interest exist on derivatives only.
      feeds: ['depth', 'trade', 'quote', 'ticker', 'candle', 'funding', 'liquidation', 'openInterest'],
      partialDepths: [5],
      candleIntervals: ['1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '3d', '1w', '1M'],
    },
    // All contracts accrue over the running period since 2024: the rate of the next one is sent as "".
    funding: { current: true, predicted: false, history: true },
    trading: {
      orderTypes: ['limit', 'market'],
      timeInForce: ['GTC', 'IOC', 'FOK', 'POST_ONLY'],
      amend: ['price', 'amount'],
      batch: { place: 20, cancel: 20 },
      reduceOnly: true,
      orderSocket: true,
      // The venue's countdown is over all orders of the account: it would cancel what nobody armed, and spare a symbol that
      // nobody renews any more while another is.
      deadMansSwitch: false,
      refusesLate: true,
    },
    account: { positions: true, hedgeMode: true },
  },
} as const satisfies Readonly<Record<VenueId, CapabilityDeclaration>>;
