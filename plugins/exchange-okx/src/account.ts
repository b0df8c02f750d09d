import type { Instrument } from '@speed-protocol/core';
import type { Row, VenueAccount } from '@speed-protocol/wire';
import type { OkxExchange } from './exchange.js';
import { INST_TYPES } from './formats.js';
import * as formats from './order-formats.js';

type Rows = readonly Row[];

/** How orders of an instrument are margined. The venue has no margin mode per symbol: every order says its own. */
export class MarginModes {
  readonly #modes = new Map<string, 'cross' | 'isolated'>();

  /** In the venue's word. */
  of({ kind, symbol }: Instrument): string {
    return kind === 'spot' ? 'cash' : (this.#modes.get(symbol) ?? 'cross');
  }

  set({ symbol }: Instrument, mode: 'cross' | 'isolated'): void {
    this.#modes.set(symbol, mode);
  }
}

/** The account. https://www.okx.com/docs-v5/en/#trading-account-rest-api */
export function accountOf(exchange: OkxExchange, modes: MarginModes): VenueAccount {
  const { venue } = exchange;
  return {
    balances: (ask) =>
      ask('balance', {}, (rows: Rows) =>
        rows.flatMap(({ details }) => (details as Rows).map((row) => ({ venue, ...formats.balanceFromWire(row) }))),
      ),
    feeRates: ({ kind }, ask) => ask('feeRates', { instType: INST_TYPES[kind] }, ([row]: Rows) => formats.feeRatesFromWire(row!)),
    positions: {
      positions: (instrument, ask) =>
        ask('positions', { instId: instrument?.venueSymbol }, (rows: Rows) =>
          rows.map((row) => formats.positionFromWire(venue, exchange.unified(String(row['instId'])), row)),
        ),
      setLeverage: (instrument, leverage, ask) =>
        ask('setLeverage', { ...exchange.nameOf(instrument), lever: String(leverage), mgnMode: modes.of(instrument) }),
      /** Of orders that this connector places from now on. */
      setMarginMode: (instrument, mode) => modes.set(instrument, mode),
      hedgeMode: (ask) => ask('config', {}, ([row]: Rows) => row?.posMode === 'long_short_mode'),
      setHedgeMode: (on, ask) => ask('setPositionMode', { posMode: on ? 'long_short_mode' : 'net_mode' }),
    },
  };
}
