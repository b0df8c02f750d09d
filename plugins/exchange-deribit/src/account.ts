import type { AccountSpec } from '@speed-protocol/wire';
import { CAPABILITIES } from './capabilities.js';
import type { DeribitExchange } from './exchange.js';
import * as formats from './order-formats.js';
import type * as wire from './types.js';

type Rows<W> = readonly W[];

interface AccountParts extends Pick<AccountSpec, 'doors' | 'stream'> {
  readonly exchange: DeribitExchange;
}

/** The account. https://docs.deribit.com/#account-management */
export function accountOf({ exchange, doors, stream }: AccountParts): AccountSpec {
  const { venue } = exchange;
  return {
    declared: CAPABILITIES.deribit.account,
    doors,
    stream,
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
