import type { Listing } from '@speed-protocol/simulator';

/** What the venue allows, as `exchangeInfo` prints it and as orders are held to it. */
export const LIMITS = {
  /** Open orders per symbol and account. */
  orders: 200,
  /** Stop orders among them, on spot. */
  spotStops: 5,
  /** Conditional orders per account, over all symbols, on futures. */
  algoOrders: 200,
  /** A limit over or below this times the average price is refused. */
  spotBand: ['0.2', '5'],
  /** A buy above or a sale below this times mark is refused. */
  futuresBand: ['0.9500', '1.0500'],
  /** How far from mark a market order takes, as a fraction of it. */
  marketReach: '0.05',
  spotNotional: '9000000.00000000',
} as const;

/** Text with eight decimals, as spot prints everything. */
export function eightDecimals(text: string): string {
  const [whole = '0', fraction = ''] = text.split('.');
  return `${whole}.${fraction.padEnd(8, '0')}`;
}

/** A round number far above the price. */
export function maxPrice(listing: Listing): string {
  const magnitude = Math.ceil(Math.log10(listing.price)) + 1;
  return magnitude > 0 ? `1${'0'.repeat(magnitude)}` : '1';
}

/** A round number: some millions of dollars. */
export function maxSize(listing: Listing): string {
  const unit = listing.inverse ? Number(listing.contractSize) : listing.price * (listing.quoteValue ?? 1);
  return `1${'0'.repeat(Math.max(2, Math.ceil(Math.log10(50_000_000 / unit))))}`;
}
