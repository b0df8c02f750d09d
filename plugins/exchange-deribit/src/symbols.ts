import type { Decimal, Instrument, InstrumentKind, InstrumentStatus } from '@speed-protocol/core';
import { instrumentOf, plain } from '@speed-protocol/wire';
import type { WireInstrument } from './types.js';

/** A perpetual is a future that never ends. Combos are of no kind that is known here. */
const KINDS: Readonly<Record<string, InstrumentKind>> = { future: 'future', option: 'option', spot: 'spot' };

/** Anything that is not listed is halted: better not traded than traded wrongly. */
const STATUS: Readonly<Record<string, InstrumentStatus>> = {
  open: 'open',
  inactive: 'closed',
  delivered: 'closed',
  archivized: 'closed',
};

/** Instruments of listings, combos left out. */
export function instrumentsFromWire(venue: string, rows: readonly WireInstrument[]): Instrument[] {
  return rows.map((row) => instrumentFromWire(venue, row)).filter((found) => found !== undefined);
}

/**
 * One row of a listing; `undefined` when it is of no kind that is known here.
 *
 * The venue counts amounts in dollars where a contract settles in the coin, and in coins everywhere else. So do we: one of
 * our contracts is one dollar, or one coin, and what the venue calls a contract is the step. Amounts then are digit for
 * digit those that the venue sends and takes.
 */
export function instrumentFromWire(venue: string, row: WireInstrument): Instrument | undefined {
  const kind = kindOf(row);
  if (!kind || !row.instrument_name || !row.base_currency) return undefined;
  return instrumentOf({
    ...{ venue, venueSymbol: row.instrument_name, kind, base: row.base_currency, quote: quoteOf(kind, row) },
    ...(kind !== 'spot' && contractIdentity(kind, row)),
    ...{ status: statusOf(row), contractSize: '1' as Decimal },
    limits: {
      tickSize: plain(row.tick_size),
      lotSize: plain(kind === 'option' ? row.min_trade_amount : Math.min(row.contract_size, row.min_trade_amount)),
      minAmount: plain(row.min_trade_amount),
    },
  });
}

function kindOf({ kind, settlement_period, instrument_name }: WireInstrument): InstrumentKind | undefined {
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  const endless = settlement_period === 'perpetual' || instrument_name?.endsWith('-PERPETUAL');
  return known === 'future' && endless ? 'perpetual' : known;
}

function statusOf({ state, is_active }: WireInstrument): InstrumentStatus {
  if (state === undefined) return is_active ? 'open' : 'closed';
  return (Object.hasOwn(STATUS, state) ? STATUS[state] : undefined) ?? 'halted';
}

/** Of options: what the underlying is counted in, not the premium. Rows of old do not say. */
function quoteOf(kind: InstrumentKind, { counter_currency, quote_currency, base_currency }: WireInstrument): string {
  const quote = kind === 'spot' ? quote_currency : (counter_currency ?? quote_currency);
  return quote === base_currency ? 'USD' : quote;
}

type Identity = Pick<Instrument, 'settle' | 'inverse' | 'expiry' | 'strike' | 'optionType'>;

/** Of what settles in the coin, options are counted in coins: only futures are inverse. */
function contractIdentity(kind: InstrumentKind, row: WireInstrument): Identity {
  const linear = row.instrument_type === 'linear' || row.instrument_name.includes('_');
  return {
    settle: row.settlement_currency ?? (linear ? row.quote_currency : row.base_currency),
    inverse: kind !== 'option' && !linear,
    ...(kind !== 'perpetual' && { expiry: Number(row.expiration_timestamp) }),
    ...(kind === 'option' && {
      strike: plain(Number(row.strike)),
      optionType: row.option_type === 'call' ? ('call' as const) : ('put' as const),
    }),
  };
}
