import { exact, toDecimal } from '@speed-protocol/book';
import { type Decimal, FINAL_STATUSES, type Instrument } from '@speed-protocol/core';
import type { DeskOrder } from '@speed-protocol/host';
import type { LedgerView, OurView } from './views.js';

/** Everything in which we and the ledger differ, in words. */
export interface Differences {
  /** Orders that the venue has twice, or has and we do not know. */
  readonly duplicates: string[];
  /** Orders that we believe in and the venue does not know, and the other way round. */
  readonly lost: string[];
  readonly states: string[];
  readonly fills: string[];
  /** Balances and positions. */
  readonly money: string[];
}

export const NO_DIFFERENCES: Differences = { duplicates: [], lost: [], states: [], fills: [], money: [] };

const STATUS: Readonly<Record<string, string>> = {
  open: 'OPEN',
  'partially-filled': 'PARTIALLY_FILLED',
  filled: 'FILLED',
  canceled: 'CANCELED',
  expired: 'EXPIRED',
};

/** Orders and fills only. */
export function compareDesk(ours: OurView, ledger: LedgerView, instruments: readonly Instrument[]): Differences {
  return { ...compareOrders(ours, ledger), fills: compareFills(ours, ledger, namer(instruments)), money: [] };
}

/** Holds what we believe against the ledger. @param instruments of the venue, to know its symbols by */
export function compare(ours: OurView, ledger: LedgerView, instruments: readonly Instrument[]): Differences {
  const money = [...compareBalances(ours, ledger), ...comparePositions(ours, ledger, namer(instruments))];
  return { ...compareDesk(ours, ledger, instruments), money };
}

function namer(instruments: readonly Instrument[]): (venueSymbol: string) => string {
  const symbols = new Map(instruments.map(({ venueSymbol, symbol }) => [venueSymbol, symbol]));
  return (venueSymbol) => symbols.get(venueSymbol) ?? venueSymbol;
}

/** Everything has to agree so long after the last fault, ms. */
export const HEAL_MS = 5000;

export function textsOf(differences: Differences): readonly string[] {
  return Object.values(differences).flat() as readonly string[];
}

export function isSame(differences: Differences): boolean {
  return textsOf(differences).length === 0;
}

function compareOrders(ours: OurView, ledger: LedgerView): Pick<Differences, 'duplicates' | 'lost' | 'states'> {
  const [duplicates, lost, states]: [string[], string[], string[]] = [[], [], []];
  const known = new Map(ours.orders.map((order) => [order.clientOrderId, order]));
  const seen = new Set<string>();
  for (const order of ledger.orders) {
    if (seen.has(order.clientId)) duplicates.push(`${ours.venue} ${order.clientId} is there twice`);
    seen.add(order.clientId);
    const own = known.get(order.clientId);
    if (!own) lost.push(`${ours.venue} ${order.clientId}: ${order.told} at the venue, unknown here`);
    else states.push(...compareState(ours.venue, own, order));
  }
  for (const { clientOrderId, status, reason } of ours.orders) {
    // One that waits for the venue's allowance has not left: whether it ever does is asked once all is answered.
    if (seen.has(clientOrderId) || status === 'REJECTED' || status === 'PENDING') continue;
    lost.push(`${ours.venue} ${clientOrderId}: ${status} here (${reason}), unknown at the venue`);
  }
  return { duplicates, lost, states };
}

function compareState(venue: string, own: DeskOrder, order: LedgerView['orders'][number]): string[] {
  const [here, there] = [
    `${own.status} ${plain(own.filled)} of ${plain(own.amount ?? '0')}`,
    `${STATUS[order.told]} ${plain(order.filled)} of ${plain(order.size)}`,
  ];
  const same = here === there && own.fillsComplete && own.venueOrderId === order.id;
  const detail = own.fillsComplete ? '' : ', fills missing';
  return same ? [] : [`${venue} ${own.clientOrderId}: ${here}${detail} here, ${there} at the venue`];
}

function compareFills(ours: OurView, ledger: LedgerView, name: (venueSymbol: string) => string): string[] {
  const here = ours.fills.map((each) =>
    line(each.symbol, [each.tradeId, each.venueOrderId], [each.price, each.amount, each.fee, each.realizedPnl], each.feeCurrency),
  );
  const there = ledger.fills.map((each) => {
    const symbol = name(each.symbol);
    // Spot fills realise nothing, and the venue does not speak of it.
    const profit = symbol.includes(':') ? each.profit : null;
    return line(symbol, [each.tradeId, each.orderId], [each.price, each.size, each.fee, profit], each.feeAsset);
  });
  return difference(ours.venue, 'fill', here, there);
}

function line(symbol: string, ids: readonly string[], numbers: readonly (string | null)[], currency: string | null): string {
  const texts = numbers.map((each) => (each === null ? 'null' : plain(each)));
  return `${symbol} ${ids.join(' ')}: price ${texts[0]}, amount ${texts[1]}, fee ${texts[2]} ${currency}, profit ${texts[3]}`;
}

function compareBalances(ours: OurView, ledger: LedgerView): string[] {
  const here = ours.balances
    .filter(({ total }) => plain(total) !== '0')
    .map(({ currency, total }) => `${currency} ${plain(total)}`);
  const there = ledger.balances.filter(({ total }) => plain(total) !== '0').map(({ asset, total }) => `${asset} ${plain(total)}`);
  return difference(ours.venue, 'balance', here, there);
}

function comparePositions(ours: OurView, ledger: LedgerView, name: (venueSymbol: string) => string): string[] {
  const here = ours.positions.map(({ symbol, amount, positionSide }) => `${symbol} ${positionSide ?? 'net'} ${plain(amount)}`);
  const open = ledger.positions.filter(({ size }) => plain(size) !== '0');
  return difference(
    ours.venue,
    'position',
    here,
    open.map(({ symbol, leg, size }) => `${name(symbol)} ${leg} ${plain(size)}`),
  );
}

/** Texts that only one side has, each as often as it has them more. */
function difference(venue: string, what: string, here: readonly string[], there: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const each of here) counts.set(each, (counts.get(each) ?? 0) + 1);
  for (const each of there) counts.set(each, (counts.get(each) ?? 0) - 1);
  return [...counts].flatMap(([text, count]) => {
    if (count === 0) return [];
    return [`${venue} ${what} ${count > 0 ? 'only here' : 'only at the venue'}: ${text}`];
  });
}

function plain(value: string): string {
  return toDecimal(exact(value as Decimal));
}

export function unfinished(ours: OurView): string[] {
  return ours.orders
    .filter(({ status }) => !FINAL_STATUSES.has(status))
    .map(({ clientOrderId, status }) => `${ours.venue} ${clientOrderId}: still ${status}`);
}
