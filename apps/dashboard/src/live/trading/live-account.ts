import type { AccountEvent, AccountView, BalanceView, FillView, OrderView, PositionView } from '@speed-protocol/protocol';
import { PnlSeries } from './pnl-series.js';

/** What the page keeps; older ones are on record at the server. */
const ORDERS = 500;
const FILLS = 500;

const FINAL: ReadonlySet<OrderView['status']> = new Set(['FILLED', 'CANCELED', 'REJECTED', 'EXPIRED']);

export const isOver = ({ status }: OrderView): boolean => FINAL.has(status);

/** One account as its events tell it, on top of what was listed. */
export class LiveAccount {
  readonly orders = new Map<string, OrderView>();
  /** Newest first. */
  fills: readonly FillView[] = [];
  readonly positions = new Map<string, PositionView>();
  readonly balances = new Map<string, BalanceView>();
  /** By client order id, in the order in which they were asked for. */
  readonly pnl = new Map<string, PnlSeries>();
  /** False while what the venue does is not heard. */
  streamUp = true;
  /** Why something of it could not be listed. */
  problem: string | null = null;

  constructor(public view: AccountView) {}

  /** Working orders, newest first. */
  get open(): readonly OrderView[] {
    return [...this.orders.values()].filter((order) => !isOver(order)).sort((a, b) => b.createdAt - a.createdAt);
  }

  /** Orders that are over, newest first. */
  get over(): readonly OrderView[] {
    return [...this.orders.values()].filter(isOver).sort((a, b) => b.createdAt - a.createdAt);
  }

  apply(event: AccountEvent): void {
    if (event.type === 'order') this.#note(event.order);
    else if (event.type === 'fill') this.#fill(event.fill);
    else if (event.type === 'position') this.#position(event.position);
    else if (event.type === 'balance') this.balances.set(event.balance.currency, this.#merged(event.balance));
    else if (event.type === 'pnl') this.watch(event.pnl.clientOrderId).add(event.pnl);
    else this.#state(event.state);
  }

  /** What the server listed: takes the place of what was known. */
  list(orders: readonly OrderView[], fills: readonly FillView[]): void {
    this.orders.clear();
    for (const order of orders.toReversed()) this.orders.set(order.clientOrderId, order);
    this.fills = fills.slice(0, FILLS);
  }

  listHoldings(positions: readonly PositionView[], balances: readonly BalanceView[]): void {
    this.positions.clear();
    for (const position of positions) this.#position(position);
    this.balances.clear();
    for (const balance of balances) this.balances.set(balance.currency, balance);
  }

  /** The profit of one order over time; begun with the first call. */
  watch(clientOrderId: string): PnlSeries {
    const series = this.pnl.get(clientOrderId) ?? new PnlSeries(clientOrderId);
    this.pnl.set(clientOrderId, series);
    return series;
  }

  #note(order: OrderView): void {
    this.orders.set(order.clientOrderId, order);
    if (this.orders.size <= ORDERS) return;
    const oldest = [...this.orders.values()].find(isOver);
    if (oldest) this.orders.delete(oldest.clientOrderId);
  }

  #fill(fill: FillView): void {
    if (this.fills.some(({ tradeId, symbol }) => tradeId === fill.tradeId && symbol === fill.symbol)) return;
    this.fills = [fill, ...this.fills.slice(0, FILLS - 1)];
  }

  #position(position: PositionView): void {
    const key = `${position.symbol} ${position.positionSide ?? ''}`;
    if (Number(position.amount) === 0) this.positions.delete(key);
    else this.positions.set(key, { ...position, ...this.#kept(key, position) });
  }

  /** An event may leave out what only a question is answered with. */
  #kept(key: string, { leverage, liquidationPrice, markPrice }: PositionView): Partial<PositionView> {
    const before = this.positions.get(key);
    return {
      leverage: leverage ?? before?.leverage ?? null,
      liquidationPrice: liquidationPrice ?? before?.liquidationPrice ?? null,
      markPrice: markPrice ?? before?.markPrice ?? null,
    };
  }

  #merged(balance: BalanceView): BalanceView {
    return { ...balance, free: balance.free ?? this.balances.get(balance.currency)?.free ?? null };
  }

  #state(state: 'stream-up' | 'stream-down' | 'killed' | 'resumed'): void {
    if (state === 'stream-up' || state === 'stream-down') this.streamUp = state === 'stream-up';
    else this.view = { ...this.view, killed: state === 'killed' };
  }
}
