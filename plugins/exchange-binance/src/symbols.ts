import { type Decimal, decimal, type Instrument, type InstrumentKind, type InstrumentStatus } from '@speed-protocol/core';
import { eachSymbolOnce, instrumentOf, type ListedInstrument, limitOf } from '@speed-protocol/wire';
import type { VenueId } from './config.js';
import type { WireExchangeInfo, WireFundingInfo, WireSymbol } from './types.js';

/** What the venue writes for "never delivered". */
const NEVER = 4_133_404_800_000;

/** Anything that is not listed is halted: better not traded than traded wrongly. */
const STATUS: Readonly<Record<string, InstrumentStatus>> = {
  TRADING: 'open',
  // Not yet listed, or over.
  PENDING_TRADING: 'closed',
  PRE_TRADING: 'closed',
  DELIVERED: 'closed',
  CLOSE: 'closed',
};

/** Instruments of a listing. */
export function instrumentsFromWire(venue: VenueId, listing: Pick<WireExchangeInfo, 'symbols'>): Instrument[] {
  return eachSymbolOnce(listing.symbols.map((row) => instrumentFromWire(venue, row)));
}

/** One row of a listing; `undefined` when it lacks what an instrument needs (names of its assets). */
export function instrumentFromWire(venue: VenueId, row: WireSymbol): Instrument | undefined {
  const { symbol: venueSymbol, baseAsset: base, quoteAsset: quote } = row;
  if (!venueSymbol || !base || !quote) return undefined;
  const terms = venue === 'binance' ? SPOT : contractTerms(venue, row);
  const status = STATUS[row.contractStatus ?? row.status ?? ''] ?? 'halted';
  return instrumentOf({ venue, venueSymbol, base, quote, ...terms, status, limits: limitsFromWire(row) });
}

type Terms = Pick<Instrument, 'kind' | 'contractSize' | 'settle' | 'inverse' | 'expiry'>;

const SPOT: Terms = { kind: 'spot', contractSize: '1' as Decimal };

/** USD-M counts in base units, so a contract is 1; COIN-M contracts are worth an amount of quote. */
function contractTerms(venue: VenueId, row: WireSymbol): Terms {
  const kind = contractKind(row);
  return {
    kind,
    contractSize: venue === 'binancecoinm' ? decimal(String(row.contractSize ?? 1)) : ('1' as Decimal),
    settle: row.marginAsset ?? (venue === 'binancecoinm' ? row.baseAsset : row.quoteAsset),
    inverse: venue === 'binancecoinm',
    ...(kind === 'future' && { expiry: row.deliveryDate! }),
  };
}

/**
 * By delivery date, not by type: the types grow (`TRADIFI_PERPETUAL` came in 2025-12, some rows have ""), while what is
 * delivered has a date and what is not has {@link NEVER} or 0.
 */
function contractKind(row: WireSymbol): InstrumentKind {
  const type = row.contractType ?? '';
  if (type.includes('PERPETUAL')) return 'perpetual';
  const date = row.deliveryDate ?? 0;
  return date > 0 && date < NEVER ? 'future' : 'perpetual';
}

/** A rule of 0 is switched off; the step is then the precision of the number itself. */
function limitsFromWire(row: WireSymbol): ListedInstrument['limits'] {
  const filters = new Map(row.filters.map((filter) => [filter.filterType, filter]));
  const price = filters.get('PRICE_FILTER');
  const lot = filters.get('LOT_SIZE');
  const notional = filters.get('NOTIONAL') ?? filters.get('MIN_NOTIONAL');
  return {
    tickSize: limitOf(price?.tickSize) ?? stepOfPlaces(row.quotePrecision ?? row.pricePrecision ?? 8),
    lotSize: limitOf(lot?.stepSize) ?? stepOfPlaces(row.baseAssetPrecision ?? row.quantityPrecision ?? 8),
    minAmount: lot?.minQty,
    maxAmount: lot?.maxQty,
    minNotional: notional?.minNotional ?? notional?.notional,
    minPrice: price?.minPrice,
    maxPrice: price?.maxPrice,
  };
}

function stepOfPlaces(places: number): Decimal {
  return (places === 0 ? '1' : `0.${'0'.repeat(places - 1)}1`) as Decimal;
}

/** The venue lists what was adjusted, and documents this for all other perpetuals. */
const HOURS_BY_DEFAULT = 8;

/** Hours between the funding payments of a perpetual, by its id. */
export type FundingHours = (venueSymbol: string) => number;

export function fundingHoursOf(rows: readonly WireFundingInfo[]): FundingHours {
  const hours = new Map(rows.map((row) => [row.symbol, row.fundingIntervalHours]));
  return (venueSymbol) => hours.get(venueSymbol) ?? HOURS_BY_DEFAULT;
}

/** A perpetual with its funding interval; others as they are. */
export function withFunding(instrument: Instrument, hoursOf: FundingHours): Instrument {
  if (instrument.kind !== 'perpetual') return instrument;
  return Object.freeze({ ...instrument, fundingIntervalHours: hoursOf(instrument.venueSymbol) });
}
