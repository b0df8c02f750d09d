import type { CapabilityDeclaration } from '@speed-protocol/core';
import type { VenueId } from './config.js';

/** What the venue can do; everything that speaks of it reads these literals. */
export const CAPABILITIES = {
  deribit: {
    market: {
      // Funding exists on futures (prices only) and perpetuals, liquidations and open interest on derivatives, greeks on options.
      feeds: ['depth', 'trade', 'quote', 'ticker', 'candle', 'funding', 'liquidation', 'openInterest', 'greeks'],
      partialDepths: [1, 10, 20],
      candleIntervals: ['1m', '3m', '5m', '10m', '15m', '30m', '1h', '2h', '3h', '6h', '12h', '1d'],
    },
    // Accrues every millisecond, by a rate that is quoted for eight hours.
    funding: { current: true, predicted: false, history: true, continuous: true },
    trading: {
      orderTypes: ['limit', 'market'],
      timeInForce: ['GTC', 'IOC', 'FOK', 'POST_ONLY'],
      amend: ['price', 'amount'],
      reduceOnly: true,
      orderSocket: true,
      // The venue cancels when a connection is lost, not after a time: see `cancelOnDisconnect` of the configuration.
      deadMansSwitch: false,
      refusesLate: true,
    },
    // Positions are net; leverage and margin mode follow from the account's margin model.
    account: { positions: true, hedgeMode: false, leverage: false },
  },
} as const satisfies Readonly<Record<VenueId, CapabilityDeclaration>>;
