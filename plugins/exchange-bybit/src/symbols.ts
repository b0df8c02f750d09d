import { type Decimal, decimal, type Instrument, type InstrumentKind, type InstrumentStatus } from '@speed-protocol/core';
import { eachSymbolOnce, instrumentOf } from '@speed-protocol/wire';
import type { WireInstrument } from './types.js';

/** The venue's products. One id may stand in two of them: BTCUSDT is a spot pair and a perpetual. */
const CATEGORIES = ['spot', 'linear', 'inverse', 'option'] as const;
export type Category = (typeof CATEGORIES)[number];

/** The product that an instrument belongs to. */
export function categoryOf({ kind, inverse }: Pick<Instrument, 'kind' | 'inverse'>): Category {
  if (kind === 'spot' || kind === 'option') return kind;
  return inverse ? 'inverse' : 'linear';
}

/** Names an instrument among all products. */
export function keyOf(category: string, venueSymbol: string): string {
  return `${category}:${venueSymbol}`;
}

/** Ids of inverse contracts: the only ones that are in dollars. */
export function isInverseId(venueSymbol: string): boolean {
  return /USD([HMUZ]\d\d)?$/.test(venueSymbol);
}

const KINDS: Readonly<Record<string, InstrumentKind>> = {
  LinearPerpetual: 'perpetual',
  InversePerpetual: 'perpetual',
  LinearFutures: 'future',
  InverseFutures: 'future',
};

/** Anything that is not listed is halted: better not traded than traded wrongly. */
const STATUS: Readonly<Record<string, InstrumentStatus>> = { Trading: 'open', PreLaunch: 'closed', Closed: 'closed' };

/** Instruments of listings. */
export function instrumentsFromWire(venue: string, rows: readonly WireInstrument[]): Instrument[] {
  return eachSymbolOnce(rows.map((row) => instrumentFromWire(venue, row)));
}

/** One row of a listing; `undefined` when it is of no kind that is known here. https://bybit-exchange.github.io/docs/v5/market/instrument */
export function instrumentFromWire(venue: string, row: WireInstrument): Instrument | undefined {
  const kind = kindOf(row);
  const { symbol: venueSymbol, baseCoin: base, quoteCoin: quote, priceFilter: price, lotSizeFilter: lot } = row;
  if (!kind || !venueSymbol || !base || !quote) return undefined;
  return instrumentOf({
    ...{ venue, venueSymbol, kind, base, quote, status: STATUS[row.status] ?? 'halted' },
    ...(kind === 'spot' ? SPOT : contractIdentity(kind, row)),
    limits: {
      ...{ tickSize: price.tickSize, minPrice: price.minPrice, maxPrice: price.maxPrice },
      ...{ lotSize: lot.qtyStep ?? lot.basePrecision, minAmount: lot.minOrderQty },
      ...{ maxAmount: lot.maxOrderQty ?? lot.maxLimitOrderQty, minNotional: lot.minNotionalValue ?? lot.minOrderAmt },
    },
  });
}

function kindOf({ contractType, optionsType }: WireInstrument): InstrumentKind | undefined {
  if (contractType !== undefined) return KINDS[contractType];
  return optionsType === undefined ? 'spot' : 'option';
}

type Identity = Pick<
  Instrument,
  'contractSize' | 'settle' | 'inverse' | 'expiry' | 'strike' | 'optionType' | 'fundingIntervalHours'
>;

const SPOT: Identity = { contractSize: '1' as Decimal };
const MINUTES_PER_HOUR = 60;

/** Amounts are in base units on linear contracts and options, in quote units on inverse ones: a contract is one of them. */
function contractIdentity(kind: InstrumentKind, row: WireInstrument): Identity {
  const minutes = Number(row.fundingInterval || 0);
  return {
    contractSize: '1' as Decimal,
    settle: row.settleCoin ?? row.quoteCoin,
    inverse: row.contractType?.startsWith('Inverse') ?? false,
    ...(kind !== 'perpetual' && { expiry: Number(row.deliveryTime) }),
    ...(kind === 'perpetual' && minutes > 0 && { fundingIntervalHours: minutes / MINUTES_PER_HOUR }),
    ...(kind === 'option' && {
      strike: strikeOf(row.symbol),
      optionType: row.optionsType === 'Call' ? ('call' as const) : ('put' as const),
    }),
  };
}

/** Only the id of an option says it: `BTC-27MAR26-70000-P-USDT`. */
function strikeOf(symbol: string): Decimal {
  return decimal(symbol.split('-')[2] ?? '');
}
