import {
  type Decimal,
  formatExpiry,
  formatSymbol,
  type Instrument,
  type InstrumentKind,
  type InstrumentStatus,
  isDecimal,
} from '@speed-protocol/core';
import type { Cell, Row } from './rows.js';

type LimitName = 'tickSize' | 'lotSize' | 'minAmount' | 'maxAmount' | 'minNotional' | 'minPrice' | 'maxPrice';

/** One row of a listing, read: what the instrument is, and its limits as the venue writes them. */
export interface ListedInstrument
  extends Pick<Instrument, 'venue' | 'venueSymbol' | 'kind' | 'status' | 'base' | 'quote' | 'contractSize'>,
    Partial<Pick<Instrument, 'settle' | 'inverse' | 'expiry' | 'strike' | 'optionType' | 'fundingIntervalHours'>> {
  /** A limit of 0 is switched off. Without a tick or lot the step is 1. */
  readonly limits: { readonly [K in LimitName]?: string | undefined };
}

/** An instrument of a listing: its unified symbol is made of its parts. */
export function instrumentOf({ limits, ...listed }: ListedInstrument): Instrument {
  const { base, quote, settle, expiry, strike, optionType } = listed;
  const parts = {
    base,
    quote,
    ...(settle !== undefined && { settle }),
    ...(expiry !== undefined && { expiry: formatExpiry(expiry) }),
    ...(strike !== undefined && { strike, optionType: optionType === 'call' ? ('C' as const) : ('P' as const) }),
  };
  const steps = { tickSize: '1' as Decimal, lotSize: '1' as Decimal };
  const given = Object.entries(limits).map(([name, text]) => [name, limitOf(text)] as const);
  const known = Object.fromEntries(given.filter(([, limit]) => limit !== undefined));
  return Object.freeze({ ...listed, symbol: formatSymbol(parts), ...steps, ...known });
}

/** Without trailing zeros, so that its decimal places say what the step is; `undefined` for 0 and for no number. */
export function limitOf(text: string | undefined): Decimal | undefined {
  if (text === undefined || !isDecimal(text) || Number(text) === 0) return undefined;
  return (text.includes('.') ? text.replace(/\.?0+$/, '') : text) as Decimal;
}

/** Instruments, each symbol once: of two, the one that trades wins. */
export function eachSymbolOnce(instruments: Iterable<Instrument | undefined>): Instrument[] {
  const bySymbol = new Map<string, Instrument>();
  for (const instrument of instruments) {
    if (!instrument) continue;
    const rival = bySymbol.get(instrument.symbol);
    if (!rival || (rival.status !== 'open' && instrument.status === 'open')) bySymbol.set(instrument.symbol, instrument);
  }
  return [...bySymbol.values()];
}

/** A cell whose place depends on the kind of instrument. */
type KindCell<T> = (row: Row, kind: InstrumentKind) => T;

/** Where rows of a listing say what an instrument is. What only some kinds have is read of these alone. */
export interface ListingTable {
  /** `null`: of no kind that is known. Such rows are left out, as are those without id, base or quote. */
  readonly kind: Cell<InstrumentKind | null>;
  readonly venueSymbol: Cell<string | null>;
  readonly base: KindCell<string | null>;
  readonly quote: KindCell<string | null>;
  /** Anything that is not known is halted: better not traded than traded wrongly. */
  readonly status: Cell<InstrumentStatus | null>;
  /** 1 where absent: amounts are in base or quote units. */
  readonly contractSize?: Cell<Decimal>;
  readonly settle: Cell<string | null>;
  readonly inverse: KindCell<boolean>;
  /** Of what is no perpetual, ms. */
  readonly expiry: Cell<number>;
  /** Of options. */
  readonly strike: Cell<Decimal>;
  readonly optionType: Cell<'call' | 'put'>;
  /** Of perpetuals. */
  readonly fundingIntervalHours?: Cell<number | null>;
  readonly limits: { readonly [K in LimitName]?: KindCell<string | null> };
}

/** Reads rows of listings by a table. */
export function listingReader(table: ListingTable) {
  /** One row; `undefined` when it is of no kind that is known here, or lacks what an instrument needs. */
  const instrumentFromWire = (venue: string, row: Row): Instrument | undefined => {
    const kind = table.kind(row);
    const venueSymbol = table.venueSymbol(row);
    const [base, quote] = kind ? [table.base(row, kind), table.quote(row, kind)] : [];
    if (!kind || !venueSymbol || !base || !quote) return undefined;
    const limits = Object.entries(table.limits).map(([name, limit]) => [name, limit(row, kind) ?? undefined] as const);
    return instrumentOf({
      ...{ venue, venueSymbol, kind, base, quote, status: table.status(row) ?? 'halted' },
      ...(kind === 'spot' ? { contractSize: ONE } : contractTerms(table, row, kind)),
      limits: Object.fromEntries(limits),
    });
  };
  /** Rows of a listing, each symbol once. */
  const instrumentsFromWire = (venue: string, rows: readonly Row[]): Instrument[] =>
    eachSymbolOnce(rows.map((row) => instrumentFromWire(venue, row)));
  return { instrumentFromWire, instrumentsFromWire };
}

const ONE = '1' as Decimal;

function contractTerms(table: ListingTable, row: Row, kind: InstrumentKind) {
  const settle = table.settle(row);
  const hours = kind === 'perpetual' ? table.fundingIntervalHours?.(row) : undefined;
  return {
    contractSize: table.contractSize?.(row) ?? ONE,
    ...(settle !== null && { settle }),
    inverse: table.inverse(row, kind),
    ...(kind !== 'perpetual' && { expiry: table.expiry(row) }),
    ...(hours && { fundingIntervalHours: hours }),
    ...(kind === 'option' && { strike: table.strike(row), optionType: table.optionType(row) }),
  };
}
