import type { Account, Listing, OrderRequest } from '@speed-protocol/simulator';
import { VenueError } from '../venue-error.js';
import type { TradingDesk } from './desk.js';

/** How large a position may be, in dollars, at a leverage of at most this. Maintenance is the same for all. */
const TIERS = [
  { leverage: 125, dollars: 5_000_000 },
  { leverage: 50, dollars: 50_000_000 },
  { leverage: 20, dollars: 200_000_000 },
  { leverage: 5, dollars: 500_000_000 },
  { leverage: 1, dollars: 1_000_000_000 },
] as const;

const VALUE_ONE = 1e16;

/** One row of `leverageBracket`. */
export interface Bracket {
  readonly bracket: number;
  readonly initialLeverage: number;
  /** Value in the settle asset, from and up to. */
  readonly floor: number;
  readonly cap: number;
}

export function bracketsOf(listing: Listing): readonly Bracket[] {
  const caps = TIERS.map(({ dollars }) => inSettle(dollars, listing));
  return TIERS.map(({ leverage }, i) => ({
    bracket: i + 1,
    initialLeverage: leverage,
    floor: i === 0 ? 0 : caps[i - 1]!,
    cap: caps[i]!,
  }));
}

/** The largest position at a leverage, in the settle asset. */
export function capOf(listing: Listing, leverage: number): number {
  return bracketsOf(listing).findLast(({ initialLeverage }) => leverage <= initialLeverage)!.cap;
}

/** Dollars, or so much of the base asset of an inverse contract, in round figures. */
function inSettle(dollars: number, { inverse, price }: Listing): number {
  return inverse ? Number((dollars / price).toPrecision(1)) : dollars;
}

/**
 * Holds a new order to the largest position at the account's leverage; one that only reduces may pass.
 * @throws VenueError -2027
 */
export function refuseSize(desk: TradingDesk, account: Account, { symbol, side, size, positionSide }: OrderRequest): void {
  const { listing } = desk.market(symbol);
  const leg = positionSide ?? 'net';
  const held = account.findPosition(symbol, leg)?.size ?? 0;
  const waiting = account
    .openOrders(symbol)
    .filter((order) => order.leg === leg && order.side === side && !order.reduceOnly)
    .reduce((sum, order) => sum + order.size - order.filled, 0);
  const more = waiting + desk.terms(symbol).lots(size)!;
  const after = Math.abs(held + (side === 'buy' ? more : -more));
  if (after > Math.abs(held) && worthOf(desk, symbol, after) > capOf(listing, account.leverage(symbol))) throw tooLarge();
}

/** @throws VenueError -2027 when a position is larger than a leverage allows */
export function refuseLeverage(desk: TradingDesk, account: Account, symbol: string, leverage: number): void {
  const cap = capOf(desk.market(symbol).listing, leverage);
  const held = account.positions.filter(({ terms }) => terms.symbol === symbol);
  if (held.some(({ size }) => size !== 0 && worthOf(desk, symbol, Math.abs(size)) > cap)) throw tooLarge();
}

function worthOf(desk: TradingDesk, symbol: string, lots: number): number {
  return Number(desk.terms(symbol).value(desk.accounts.mark(symbol) as number, lots)) / VALUE_ONE;
}

function tooLarge(): VenueError {
  return new VenueError(-2027, 'Exceeded the maximum allowable position at current leverage.');
}
