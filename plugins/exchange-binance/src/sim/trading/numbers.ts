import { compareDecimals, type Decimal, decimal, decimalPlaces } from '@speed-protocol/core';
import type { Market } from '@speed-protocol/simulator';
import { LIMITS, maxPrice, maxSize } from '../filters.js';
import { VenueError } from '../venue-error.js';
import type { TradingDesk } from './desk.js';

const ZERO = decimal('0');
/** Decimals that spot reads at all. */
const SPOT_DECIMALS = 8;

/** The numbers of an order, held to the listing's filters before anybody looks at balances. */
export interface Numbers {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: Decimal;
  /** Limit orders only. */
  readonly price?: Decimal | undefined;
}

/** @throws VenueError -1111, -1013 with the name of the filter */
export function checkSpotNumbers(desk: TradingDesk, numbers: Numbers): void {
  const market = desk.market(numbers.symbol);
  checkSpotQuantity(desk, market, numbers.quantity);
  if (numbers.price !== undefined) checkSpotPrice(desk, market, numbers.price);
}

function checkSpotQuantity(desk: TradingDesk, { listing }: Market, quantity: Decimal): void {
  refusePrecision(quantity, 'quantity');
  if (isZero(quantity)) throw new VenueError(-1013, 'Invalid quantity.');
  const fits = desk.terms(listing.venueSymbol).lots(quantity) !== undefined;
  if (!fits || above(quantity, maxSize(listing))) throw filterFailure('LOT_SIZE');
}

function checkSpotPrice(desk: TradingDesk, market: Market, price: Decimal): void {
  const { listing } = market;
  refusePrecision(price, 'price');
  if (isZero(price)) throw new VenueError(-1013, 'Invalid price.');
  const fits = desk.terms(listing.venueSymbol).ticks(price) !== undefined;
  if (!fits || above(price, maxPrice(listing))) throw filterFailure('PRICE_FILTER');
  const [low, high] = LIMITS.spotBand.map((factor) => Number(factor) * market.pricing.mark(market.now())) as [number, number];
  if (Number(price) < low || Number(price) > high) throw filterFailure('PERCENT_PRICE_BY_SIDE');
}

function refusePrecision(value: Decimal, name: string): void {
  const [, fraction = ''] = value.split('.');
  if (fraction.replace(/0+$/, '').length > SPOT_DECIMALS) {
    throw new VenueError(-1111, `Parameter '${name}' has too much precision.`);
  }
}

function filterFailure(filter: string): VenueError {
  return new VenueError(-1013, `Filter failure: ${filter}`);
}

/** @throws VenueError -1111, -4001 to -4005, -4014, -4016, -4023, -4024 */
export function checkFuturesNumbers(desk: TradingDesk, numbers: Numbers): void {
  const market = desk.market(numbers.symbol);
  checkFuturesQuantity(desk, market, numbers.quantity);
  if (numbers.price !== undefined) checkFuturesPrice(desk, market, numbers.price, numbers.side);
}

function checkFuturesQuantity(desk: TradingDesk, { listing }: Market, quantity: Decimal): void {
  if (isZero(quantity)) throw new VenueError(-4003, 'Quantity less than or equal to zero.');
  refuseDecimals(quantity, listing.lotSize);
  if (above(quantity, maxSize(listing))) throw new VenueError(-4005, 'Quantity greater than max quantity.');
  if (above(listing.lotSize, quantity)) throw new VenueError(-4004, 'Quantity less than min quantity.');
  if (desk.terms(listing.venueSymbol).lots(quantity) === undefined)
    throw new VenueError(-4023, 'Qty not increased by step size.');
}

function checkFuturesPrice(desk: TradingDesk, market: Market, price: Decimal, side: Numbers['side']): void {
  const { listing } = market;
  if (isZero(price)) throw new VenueError(-4001, 'Price less than 0.');
  refuseDecimals(price, listing.tickSize);
  if (above(price, maxPrice(listing))) throw new VenueError(-4002, 'Price greater than max price.');
  if (desk.terms(listing.venueSymbol).ticks(price) === undefined)
    throw new VenueError(-4014, 'Price not increased by tick size.');
  const mark = market.pricing.mark(market.now());
  const [low, high] = LIMITS.futuresBand.map((factor) => (Number(factor) * mark).toFixed(market.grid.priceScale));
  if (side === 'buy' && above(price, high!)) throw new VenueError(-4016, `Limit price can't be higher than ${high}.`);
  if (side === 'sell' && above(low!, price)) throw new VenueError(-4024, `Limit price can't be lower than ${low}.`);
}

function refuseDecimals(value: Decimal, step: string): void {
  const trimmed = value.includes('.') ? value.replace(/\.?0+$/, '') : value;
  if (decimalPlaces(decimal(trimmed)) > decimalPlaces(decimal(step))) {
    throw new VenueError(-1111, 'Precision is over the maximum defined for this asset.');
  }
}

function isZero(value: Decimal): boolean {
  return compareDecimals(value, ZERO) === 0;
}

function above(value: string, bound: string): boolean {
  return compareDecimals(decimal(value), decimal(bound)) > 0;
}
