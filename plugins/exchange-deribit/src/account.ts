import type { VenueAccount } from '@speed-protocol/wire';
import type { DeribitExchange } from './exchange.js';
import * as formats from './order-formats.js';
import type * as wire from './types.js';

type Rows<W> = readonly W[];

/** The account. https://docs.deribit.com/#account-management */
export function accountOf(exchange: DeribitExchange): VenueAccount {
  const { venue } = exchange;
  return {
    balances: (ask) =>
      ask('summaries', {}, ({ summaries }: wire.WireSummaries) => summaries.map((row) => formats.balanceFromWire(venue, row))),
    feeRates: (instrument, ask) =>
      ask('instrument', exchange.nameOf(instrument), (row: wire.WireInstrument) => formats.feeRatesFromWire(row)),
    positions: {
      positions: (instrument, ask) =>
        ask('positions', { currency: 'any' }, (rows: Rows<wire.WirePosition>) =>
          rows
            .filter(({ instrument_name }) => instrument === undefined || instrument_name === instrument.venueSymbol)
            .map((row) => formats.positionFromWire(venue, exchange.unified(row.instrument_name), row)),
        ),
    },
  };
}
