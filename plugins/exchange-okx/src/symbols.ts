import {
  type Decimal,
  decimal,
  decimalPlaces,
  fromScaled,
  type Instrument,
  type InstrumentKind,
  type InstrumentStatus,
  toScaled,
} from '@speed-protocol/core';
import { eachSymbolOnce, instrumentOf, limitOf } from '@speed-protocol/wire';
import type { WireInstrument } from './types.js';

const KINDS: Readonly<Record<string, InstrumentKind>> = {
  SPOT: 'spot',
  SWAP: 'perpetual',
  FUTURES: 'future',
  OPTION: 'option',
};

/** Anything that is not listed is halted: better not traded than traded wrongly. */
const STATUS: Readonly<Record<string, InstrumentStatus>> = { live: 'open', preopen: 'closed', test: 'closed', expired: 'closed' };

/** Instruments of listings. */
export function instrumentsFromWire(venue: string, rows: readonly WireInstrument[]): Instrument[] {
  return eachSymbolOnce(rows.map((row) => instrumentFromWire(venue, row)));
}

/** One row of a listing; `undefined` when it is of no kind that is known here, or lacks what an instrument needs. */
export function instrumentFromWire(venue: string, row: WireInstrument): Instrument | undefined {
  const kind = KINDS[row.instType];
  const [base, quote] = kind === 'spot' ? [row.baseCcy, row.quoteCcy] : (row.uly ?? '').split('-');
  if (!kind || !row.instId || !base || !quote) return undefined;
  return instrumentOf({
    ...{ venue, venueSymbol: row.instId, kind, base, quote, status: STATUS[row.state] ?? 'halted' },
    ...(kind === 'spot' ? { contractSize: '1' as Decimal } : contractTerms(kind, row)),
    limits: { tickSize: row.tickSz, lotSize: row.lotSz, minAmount: row.minSz, maxAmount: row.maxLmtSz },
  });
}

/** One contract is worth `ctVal` x `ctMult`: base units on linear contracts and options, quote units on inverse ones. */
function contractTerms(kind: InstrumentKind, row: WireInstrument) {
  return {
    contractSize: product(decimal(row.ctVal), decimal(row.ctMult || '1')),
    settle: row.settleCcy,
    inverse: row.ctType === 'inverse',
    ...(kind !== 'perpetual' && { expiry: Number(row.expTime) }),
    ...(kind === 'option' && {
      strike: decimal(row.stk),
      optionType: row.optType === 'C' ? ('call' as const) : ('put' as const),
    }),
  };
}

function product(a: Decimal, b: Decimal): Decimal {
  const [x, y] = [decimalPlaces(a), decimalPlaces(b)];
  const exact = fromScaled(toScaled(a, x) * toScaled(b, y), x + y);
  return limitOf(exact) ?? exact;
}
