import { decimal, type Instrument, type InstrumentKind, type InstrumentStatus } from '@speed-protocol/core';
import { cell, listingReader, type Params, type Row } from '@speed-protocol/wire';

/** The venue's products. One id may stand in two of them: BTCUSDT is a spot pair and a perpetual. */
const CATEGORIES = ['spot', 'linear', 'inverse', 'option'] as const;
export type Category = (typeof CATEGORIES)[number];

/** Everything but spot, as an account is asked for it: contracts that settle in dollars coin by coin. */
export const CONTRACTS: readonly Params[] = [
  { category: 'linear', settleCoin: 'USDT' },
  { category: 'linear', settleCoin: 'USDC' },
  { category: 'inverse' },
];

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

const STATUS: Readonly<Record<string, InstrumentStatus>> = { Trading: 'open', PreLaunch: 'closed', Closed: 'closed' };

const CONTRACT = cell.wordOrNull('contractType', KINDS);
const MINUTES_PER_HOUR = 60;

const ofPrice = (name: string) => (row: Row) => cell.textOrNull(name)(row.priceFilter as Row);
/** The step and the minimum have other names on spot. */
const ofLot =
  (...names: readonly string[]) =>
  (row: Row) =>
    cell.textOrNull(...names)(row.lotSizeFilter as Row);

function kindOf(row: Row): InstrumentKind | null {
  if (row.contractType !== undefined) return CONTRACT(row);
  return row.optionsType === undefined ? 'spot' : 'option';
}

/** Instruments of listings. https://bybit-exchange.github.io/docs/v5/market/instrument */
export const { instrumentFromWire, instrumentsFromWire } = listingReader({
  kind: kindOf,
  venueSymbol: cell.textOrNull('symbol'),
  base: cell.textOrNull('baseCoin'),
  quote: cell.textOrNull('quoteCoin'),
  status: cell.wordOrNull('status', STATUS),
  // Amounts are in base units on linear contracts and options, in quote units on inverse ones: a contract is one of them.
  settle: cell.textOrNull('settleCoin', 'quoteCoin'),
  inverse: ({ contractType = '' }) => String(contractType).startsWith('Inverse'),
  expiry: cell.time('deliveryTime'),
  // Only the id of an option says it: `BTC-27MAR26-70000-P-USDT`.
  strike: ({ symbol }) => decimal(String(symbol).split('-')[2] ?? ''),
  optionType: ({ optionsType }) => (optionsType === 'Call' ? 'call' : 'put'),
  fundingIntervalHours: ({ fundingInterval }) => Number(fundingInterval || 0) / MINUTES_PER_HOUR,
  limits: {
    tickSize: ofPrice('tickSize'),
    minPrice: ofPrice('minPrice'),
    maxPrice: ofPrice('maxPrice'),
    lotSize: ofLot('qtyStep', 'basePrecision'),
    minAmount: ofLot('minOrderQty'),
    maxAmount: ofLot('maxOrderQty', 'maxLimitOrderQty'),
    minNotional: ofLot('minNotionalValue', 'minOrderAmt'),
  },
});
