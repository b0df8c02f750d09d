import { type Decimal, decimal, type Instrument, type InstrumentKind, tryParseSymbol } from '@speed-protocol/core';
import { decimalOrNull } from './numbers.js';
import type { CcxtExchange, CcxtMarket, Num } from './types.js';

/** ccxt's ways to say how fine a grid is. */
const PRECISION_MODES = { decimalPlaces: 2, significantDigits: 3, tickSize: 4 } as const;

/** Where ccxt tells no grid: fine enough to let anything through, for the exchange to decide. */
const NO_GRID = decimal('0.000000000000000001');

const KINDS: Readonly<Record<string, InstrumentKind>> = { spot: 'spot', swap: 'perpetual', future: 'future', option: 'option' };

/** Instruments of a listing; kinds and symbols that the grammar has no words for are left out. */
export function instrumentsOf(venue: string, exchange: CcxtExchange, markets: Iterable<CcxtMarket>): readonly Instrument[] {
  return [...markets].flatMap((market) => instrumentOf(venue, exchange.precisionMode, market) ?? []);
}

function instrumentOf(venue: string, precisionMode: number, market: CcxtMarket): Instrument | undefined {
  const kind = KINDS[market.type];
  const parts = tryParseSymbol(market.symbol);
  if (kind === undefined || !parts) return undefined;
  const { base, quote, settle } = parts;
  const { amount, price, cost } = market.limits;
  return withoutNulls({
    venue,
    symbol: market.symbol,
    venueSymbol: market.id,
    kind,
    status: market.active === false ? ('halted' as const) : ('open' as const),
    base,
    quote,
    settle: kind === 'spot' ? null : settle,
    inverse: kind === 'spot' ? null : (market.inverse ?? false),
    contractSize: kind === 'spot' ? decimal('1') : (positive(market.contractSize) ?? decimal('1')),
    tickSize: grid(precisionMode, market.precision.price),
    lotSize: grid(precisionMode, market.precision.amount),
    minAmount: positive(amount?.min),
    maxAmount: positive(amount?.max),
    minNotional: positive(cost?.min),
    minPrice: positive(price?.min),
    maxPrice: positive(price?.max),
    expiry: kind === 'future' || kind === 'option' ? market.expiry : null,
    strike: parts.strike === undefined ? null : decimal(parts.strike),
    optionType: parts.optionType && (parts.optionType === 'C' ? ('call' as const) : ('put' as const)),
  });
}

/** Limits of 0 are none. */
function positive(value: Num): Decimal | null {
  const found = decimalOrNull(value);
  return found !== null && Number(found) > 0 ? found : null;
}

function grid(mode: number, value: Num): Decimal {
  if (mode === PRECISION_MODES.tickSize) return positive(value) ?? NO_GRID;
  if (mode === PRECISION_MODES.decimalPlaces && value !== undefined) return decimalOrNull(`1e${-Number(value)}`) ?? NO_GRID;
  return NO_GRID;
}

type WithoutNulls<T> = { [K in keyof T]: Exclude<T[K], null | undefined> };

function withoutNulls<T extends object>(row: T): WithoutNulls<T> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined)) as WithoutNulls<T>;
}
