import type { Account } from '../accounts/account.js';
import type { Accounts } from '../accounts/accounts.js';
import type { LedgerEntry } from '../accounts/ledger.js';
import { MONEY_SCALE, VALUE_SCALE } from '../accounts/terms.js';
import type { UserOrder } from '../accounts/types.js';
import { formatUnits } from '../grid.js';
import type { Venue } from '../venue.js';

const PRICE_SCALE = 8;

/** What one account owns and did, in decimal text: for tests that do not run in this process. */
export function viewAccount(venue: Venue, accounts: Accounts, account: Account, page: { after: number; limit: number }): unknown {
  const entries = accounts.ledger.entries.filter((entry) => entry.account === account.id);
  const paged = entries.filter(({ id }) => id > page.after).slice(0, page.limit);
  return {
    venue: venue.id,
    account: account.id,
    hedgeMode: account.hedgeMode,
    balances: account.balances.map(({ asset, total, locked }) => ({ asset, total: money(total), locked: money(locked) })),
    positions: account.positions.map((position) => ({
      ...names(venue, position.terms.symbol),
      leg: position.leg,
      size: signedSize(venue, position.terms.symbol, position.size),
      entryPrice: formatUnits(position.entryPrice(PRICE_SCALE), PRICE_SCALE),
      realized: money(position.realized),
    })),
    orders: account.orders.map((order) => viewOrder(venue, order, accounts)),
    fills: entries.flatMap((entry) => (entry.kind === 'fill' ? [viewFill(venue, entry, accounts)] : [])),
    entries: paged.map((entry) => plain(entry)),
    // Ask with `after` = next for more; the first entry that the venue still keeps is `oldest`.
    next: paged.length === page.limit ? paged.at(-1)!.id : null,
    oldest: accounts.ledger.entries[0]?.id ?? null,
  };
}

function viewOrder(venue: Venue, order: UserOrder, accounts: Accounts): unknown {
  const { grid } = venue.require(order.symbol);
  const { price, size, filled, filledValue } = order;
  return {
    ...plain(order, ['details', 'hold']),
    ...names(venue, order.symbol),
    id: accounts.idText(order.symbol, order.id),
    told: accounts.told(order),
    price: price === undefined ? null : grid.formatPrice(price),
    size: grid.formatSize(size),
    filled: grid.formatSize(filled),
    filledValue: formatUnits(filledValue, VALUE_SCALE),
  };
}

function viewFill(venue: Venue, fill: Extract<LedgerEntry, { kind: 'fill' }>, accounts: Accounts): unknown {
  const { grid } = venue.require(fill.symbol);
  const { id, time, symbol, tradeId, orderId, clientId, side, leg, price, size, liquidity, fee, feeAsset, profit } = fill;
  return {
    entry: id,
    time,
    ...names(venue, symbol),
    tradeId: accounts.idText(symbol, tradeId),
    orderId: accounts.idText(symbol, orderId),
    clientId,
    side,
    leg,
    price: grid.formatPrice(price),
    size: grid.formatSize(size),
    liquidity,
    fee: money(fee),
    feeAsset,
    profit: money(profit),
  };
}

/** The venue's own symbol, and the unified one: two products may share the former. */
function names(venue: Venue, key: string): { readonly symbol: string; readonly unified: string } {
  const { venueSymbol, symbol } = venue.require(key).listing;
  return { symbol: venueSymbol, unified: symbol };
}

/** As it is, scaled integers as digits, without what nobody outside understands. */
function plain(value: LedgerEntry | UserOrder, without: readonly string[] = []): object {
  const told = (key: string, each: unknown) =>
    without.includes(key) ? undefined : typeof each === 'bigint' ? String(each) : each;
  return JSON.parse(JSON.stringify(value, told)) as object;
}

function signedSize(venue: Venue, symbol: string, lots: number): string {
  const text = venue.require(symbol).grid.formatSize(Math.abs(lots));
  return lots < 0 ? `-${text}` : text;
}

function money(units: bigint): string {
  return formatUnits(units, MONEY_SCALE);
}
