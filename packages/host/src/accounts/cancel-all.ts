import { type Clock, type Order, SpeedError } from '@speed-protocol/core';
import type { OrderDesk } from '../desk/desk.js';
import type { DeskOrder } from '../desk/order-state.js';
import type { CancelReport } from './types.js';

export interface Deadline {
  readonly clock: Clock;
  /** ms since epoch. */
  readonly at: number;
  readonly signal?: AbortSignal | undefined;
}

interface CancelParts {
  readonly desk: OrderDesk;
  /** Symbols in which something else may wait, as orders that close a position do. */
  readonly besides: readonly string[];
  openOrders(symbol?: string): Promise<readonly Order[]>;
}

/** Cancels all that works, of one symbol or of the account, and reads back what is left. */
export async function cancelAll(parts: CancelParts, symbol: string | undefined, deadline: Deadline): Promise<CancelReport> {
  const { desk } = parts;
  const before = desk.unsettled().filter(({ status, ...each }) => isOpen({ ...each, status }) && concerns(each, symbol));
  const symbols = await symbolsOf(parts, symbol, before);
  await Promise.all(symbols.map((each) => desk.cancelSymbol(each)));
  await settled(desk, before, deadline);
  const listed = await readBack(parts, symbols);
  const orders = before.map(({ clientOrderId }) => desk.order(clientOrderId));
  const unproven = orders.filter(isOpen).map(({ clientOrderId }) => clientOrderId);
  const left = new Set([...unproven, ...(listed ?? []).map((each) => each.clientOrderId ?? each.venueOrderId)]);
  return { symbols, orders, left: [...left], confirmed: listed !== null && left.size === 0 };
}

/**
 * Symbols with working orders: those that the desk knows, and where the venue can be asked those that it lists. Where
 * there is a position, conditional orders may wait that are on no list of working orders.
 */
async function symbolsOf(parts: CancelParts, symbol: string | undefined, known: readonly DeskOrder[]): Promise<string[]> {
  if (symbol !== undefined) return [symbol];
  const listed = await parts.openOrders().catch(() => []);
  return [...new Set([...[...known, ...listed].map((each) => each.symbol), ...parts.besides])];
}

/** Until these orders have ended; an order that has not by the deadline stays as it is. */
export function settled(desk: OrderDesk, orders: readonly DeskOrder[], { clock, at, signal }: Deadline): Promise<void> {
  const waiting = new Set(orders.map((each) => each.clientOrderId).filter((id) => isOpen(desk.order(id))));
  if (waiting.size === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const finish = (error?: SpeedError) => {
      stop();
      cancel();
      signal?.removeEventListener('abort', onAbort);
      if (error) reject(error);
      else resolve();
    };
    const onAbort = () => finish(new SpeedError('aborted', 'Waiting for orders to end was called off'));
    const stop = desk.on(({ order }) => {
      if (!isOpen(order)) waiting.delete(order.clientOrderId);
      if (waiting.size === 0) finish();
    });
    const cancel = clock.schedule(Math.max(0, at - clock.now()), () => finish());
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort);
  });
}

/** What the venue lists now; `null` when it cannot be asked. */
async function readBack(parts: CancelParts, symbols: readonly string[]): Promise<readonly Order[] | null> {
  try {
    return (await Promise.all(symbols.map((symbol) => parts.openOrders(symbol)))).flat();
  } catch {
    return null;
  }
}

function isOpen({ status }: Pick<DeskOrder, 'status'>): boolean {
  return status === 'PENDING' || status === 'OPEN' || status === 'PARTIALLY_FILLED' || status === 'UNKNOWN';
}

function concerns(order: Pick<DeskOrder, 'symbol'>, symbol: string | undefined): boolean {
  return symbol === undefined || order.symbol === symbol;
}
