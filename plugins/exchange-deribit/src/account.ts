import type { Row, VenueAccount } from '@speed-protocol/wire';
import type { DeribitExchange } from './exchange.js';
import * as formats from './order-formats.js';
import type { WireSummaries } from './types.js';

/** The account. https://docs.deribit.com/#account-management */
export function accountOf(exchange: DeribitExchange): VenueAccount {
  const { venue } = exchange;
  return {
    balances: (ask) =>
      ask('summaries', {}, ({ summaries }: WireSummaries) =>
        summaries.map((row) => ({ venue, ...formats.balanceFromWire(row) })),
      ),
    feeRates: (instrument, ask) => ask('instrument', exchange.nameOf(instrument), (row: Row) => formats.feeRatesFromWire(row)),
    positions: {
      positions: (instrument, ask) =>
        ask('positions', { currency: 'any' }, (rows: readonly Row[]) =>
          rows
            .filter(({ instrument_name }) => instrument === undefined || instrument_name === instrument.venueSymbol)
            .map((row) => formats.positionFromWire(venue, exchange.unified(String(row['instrument_name'])), row)),
        ),
    },
  };
}
