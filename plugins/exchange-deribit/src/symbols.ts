import type { InstrumentKind, InstrumentStatus } from '@speed-protocol/core';
import { cell, listingReader, plain, type Row } from '@speed-protocol/wire';

/** A perpetual is a future that never ends. Combos are of no kind that is known here. */
const KIND = cell.wordOrNull<InstrumentKind>('kind', { future: 'future', option: 'option', spot: 'spot' });

const STATUS = cell.wordOrNull<InstrumentStatus>('state', {
  open: 'open',
  inactive: 'closed',
  delivered: 'closed',
  archivized: 'closed',
});

const ID = cell.textOrNull('instrument_name');
const BASE = cell.textOrNull('base_currency');

function kindOf(row: Row): InstrumentKind | null {
  const isEndless = row.settlement_period === 'perpetual' || ID(row)?.endsWith('-PERPETUAL');
  return KIND(row) === 'future' && isEndless ? 'perpetual' : KIND(row);
}

/** Of options: what the underlying is counted in, not the premium. Rows of old do not say. */
function quoteOf(row: Row, kind: InstrumentKind): string | null {
  const quote = cell.textOrNull(...(kind === 'spot' ? ['quote_currency'] : ['counter_currency', 'quote_currency']))(row);
  return quote === BASE(row) ? 'USD' : quote;
}

const isLinear = (row: Row): boolean => row.instrument_type === 'linear' || ID(row)!.includes('_');

/**
 * Instruments of listings, combos left out. https://docs.deribit.com/#public-get_instruments
 *
 * The venue counts amounts in dollars where a contract settles in the coin, and in coins everywhere else. So do we: one of
 * our contracts is one dollar, or one coin, and what the venue calls a contract is the step. Amounts then are digit for
 * digit those that the venue sends and takes.
 */
export const { instrumentFromWire, instrumentsFromWire } = listingReader({
  kind: kindOf,
  venueSymbol: ID,
  base: BASE,
  quote: quoteOf,
  // Absent before 2026.
  status: (row) => (row.state === undefined ? (row.is_active === true ? 'open' : 'closed') : STATUS(row)),
  settle: (row) => cell.textOrNull('settlement_currency', isLinear(row) ? 'quote_currency' : 'base_currency')(row),
  // Of what settles in the coin, options are counted in coins: only futures are inverse.
  inverse: (row, kind) => kind !== 'option' && !isLinear(row),
  expiry: cell.time('expiration_timestamp'),
  strike: cell.exact('strike'),
  optionType: ({ option_type }) => (option_type === 'call' ? 'call' : 'put'),
  limits: {
    // Of dear things ticks are larger than this.
    tickSize: cell.exact('tick_size'),
    lotSize: (row, kind) =>
      plain(Math.min(Number(row.min_trade_amount), kind === 'option' ? Number.POSITIVE_INFINITY : Number(row.contract_size))),
    minAmount: cell.exact('min_trade_amount'),
  },
});
