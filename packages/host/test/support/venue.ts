import {
  type AnyAccount,
  type AnyTrading,
  type CommandOutcome,
  decimal,
  type Fill,
  type FillQuery,
  type NewOrder,
  type Order,
  type OrderRef,
  type OrderStatus,
  type PrivateEvent,
  SpeedError,
} from '@speed-protocol/core';
import type { VirtualClock } from './virtual-clock.js';

export type Fault =
  | 'lost-request'
  | 'lost-ack'
  | 'executed-502'
  | 'late-ack'
  | 'duplicate-ack'
  | 'silent'
  | 'cancel-races-fill'
  | null;

export const FAULTS: readonly Fault[] = [
  'lost-request',
  'lost-ack',
  'executed-502',
  'late-ack',
  'duplicate-ack',
  'silent',
  'cancel-races-fill',
];

interface Row {
  order: Order;
  readonly fault: Fault;
}

const PAGE = 50;

/** A venue that keeps the trading contract and loses what it is told to lose. Its rows and trades are the oracle. */
export class TestVenue {
  readonly rows = new Map<string, Row>();
  readonly trades: Fill[] = [];
  /** Client order ids that arrived, one entry per arrival. */
  readonly arrivals: string[] = [];
  faultOf: (clientOrderId: string) => Fault = () => null;
  /** What market orders fill at. */
  price = decimal('100');
  /** Of every fill, in USDT; `null`: it does not say. */
  fee: Fill['fee'] = null;
  #listeners = new Set<(event: PrivateEvent) => void>();
  #connected = true;
  #next = 9_007_199_254_740_993n;
  #minted = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly random: () => number,
  ) {}

  readonly trading: AnyTrading = {
    newClientOrderId: () => `speed-${this.#minted++}`,
    ownsClientOrderId: (id) => id.startsWith('speed-'),
    placeOrder: (order) => this.#place(order),
    cancelOrder: (ref) => this.#cancel(ref),
    cancelAllOrders: (symbol) => this.#cancelAll(symbol),
    amendOrder: (ref, change) => this.#amend(ref, change.amount),
    getOrder: async (ref) => {
      await this.#travel();
      return this.#row(ref)?.order ?? null;
    },
    openOrders: async () => {
      await this.#travel();
      return [...this.rows.values()].map((each) => each.order).filter((each) => isWorking(each.status));
    },
    fills: (symbol, query = {}) => this.#fills(symbol, query),
  };

  readonly account: AnyAccount = {
    balances: async () => [],
    feeRates: async () => ({ maker: decimal('0'), taker: decimal('0') }),
    subscribe: async (on) => {
      this.#listeners.add(on);
      return { [Symbol.asyncDispose]: async () => void this.#listeners.delete(on) };
    },
  };

  /** Cuts the stream: what happens meanwhile is never told. */
  cut(): void {
    this.#stream('down');
    this.#connected = false;
  }

  heal(): void {
    this.#connected = true;
    this.#stream('up');
  }

  /** Trades `lots` of 0.001 of an order; more than is left is cut off. */
  fill(clientOrderId: string, lots: number): void {
    const row = this.rows.get(clientOrderId);
    if (!row || !isWorking(row.order.status)) return;
    const before = lotsOf(row.order.filled);
    const done = Math.min(lots, lotsOf(row.order.amount) - before);
    this.#update(row, before + done === lotsOf(row.order.amount) ? 'FILLED' : 'PARTIALLY_FILLED', before + done);
    const { symbol, venueOrderId, side, price } = row.order;
    const head = { venue: 'test', symbol, tradeId: String(this.#next++), venueOrderId, clientOrderId } as const;
    const tail = { feeCurrency: this.fee && 'USDT', liquidity: null, realizedPnl: null, positionSide: null } as const;
    const fill: Fill = {
      ...head,
      ...tail,
      side,
      price: price ?? this.price,
      amount: fromLots(done),
      fee: this.fee,
      time: this.clock.now(),
    };
    this.trades.push(fill);
    const spoken = this.random() < 0.3 ? { ...fill, clientOrderId: null } : fill;
    this.#tell(row, { type: 'fill', ...this.#head(), fill: spoken });
  }

  end(clientOrderId: string, status: 'CANCELED' | 'EXPIRED'): void {
    const row = this.rows.get(clientOrderId);
    if (row && isWorking(row.order.status)) this.#update(row, status, lotsOf(row.order.filled));
  }

  async #place(order: NewOrder): Promise<CommandOutcome> {
    const fault = this.faultOf(order.clientOrderId);
    await this.#travel();
    if (fault === 'lost-request') return this.#unknown(3000, 'connection');
    this.arrivals.push(order.clientOrderId);
    if (lotsOf(order.amount) % 13 === 0)
      return { status: 'rejected', reason: new SpeedError('insufficient-funds', 'not enough') };
    const row = this.#accept(order, fault);
    if (fault === 'lost-ack') return this.#unknown(3000, 'timeout');
    if (fault === 'executed-502') return this.#unknown(1, 'unavailable');
    if (fault === 'late-ack') await this.clock.sleep(60_000);
    await this.#travel();
    if (fault === 'duplicate-ack') return { status: 'rejected', reason: new SpeedError('duplicate', 'client order id in use') };
    return { status: 'accepted', venueOrderId: row.order.venueOrderId, order: this.random() < 0.5 ? row.order : null };
  }

  #accept(order: NewOrder, fault: Fault): Row {
    const { symbol, clientOrderId, side, type, amount, price } = order;
    const head = { venue: 'test', symbol, clientOrderId, venueOrderId: String(this.#next++), side, type } as const;
    const rest = { timeInForce: null, averagePrice: null, reduceOnly: null, positionSide: null, reason: null } as const;
    const row: Row = {
      order: {
        ...head,
        ...rest,
        status: 'OPEN',
        price: price ?? null,
        amount,
        filled: decimal('0'),
        updatedAt: this.clock.now(),
      },
      fault,
    };
    this.rows.set(clientOrderId, row);
    this.#update(row, 'OPEN', 0);
    if (type === 'market') this.fill(clientOrderId, 10 ** 9);
    return row;
  }

  async #cancel(ref: OrderRef): Promise<CommandOutcome> {
    await this.#travel();
    const row = this.#row(ref);
    if (row?.fault === 'cancel-races-fill') this.fill(row.order.clientOrderId!, 10 ** 9);
    if (!row || !isWorking(row.order.status)) return { status: 'rejected', reason: new SpeedError('not-found', 'no such order') };
    this.end(row.order.clientOrderId!, 'CANCELED');
    if (this.random() < 0.2) return this.#unknown(3000, 'timeout');
    return { status: 'accepted', venueOrderId: row.order.venueOrderId, order: this.random() < 0.5 ? row.order : null };
  }

  async #cancelAll(symbol: string): Promise<CommandOutcome> {
    await this.#travel();
    for (const { order } of this.rows.values()) if (order.symbol === symbol) this.end(order.clientOrderId!, 'CANCELED');
    return { status: 'accepted', venueOrderId: null, order: null };
  }

  async #amend(ref: OrderRef, amount: Order['amount'] | undefined): Promise<CommandOutcome> {
    await this.#travel();
    const row = this.#row(ref);
    if (!row || !isWorking(row.order.status)) return { status: 'rejected', reason: new SpeedError('not-found', 'no such order') };
    row.order = { ...row.order, amount: amount ?? row.order.amount };
    this.#update(row, row.order.status, lotsOf(row.order.filled));
    return { status: 'accepted', venueOrderId: row.order.venueOrderId, order: row.order };
  }

  async #fills(symbol: string, { fromId, since = 0, venueOrderId }: FillQuery): Promise<readonly Fill[]> {
    await this.#travel();
    const from = fromId === undefined ? 0 : this.trades.findIndex((each) => each.tradeId === fromId);
    return this.trades
      .slice(from)
      .filter((each) => each.symbol === symbol && (fromId !== undefined || each.time >= since))
      .filter((each) => venueOrderId === undefined || each.venueOrderId === venueOrderId)
      .slice(0, PAGE);
  }

  #update(row: Row, status: OrderStatus, filled: number): void {
    row.order = { ...row.order, status, filled: fromLots(filled), updatedAt: this.clock.now() };
    this.#tell(row, { type: 'order', ...this.#head(), order: row.order });
  }

  /** Tells something else than orders and fills. */
  say(event: PrivateEvent): void {
    this.clock.schedule(this.random() * 200, () => {
      if (this.#connected) for (const each of this.#listeners) each(event);
    });
  }

  /** Events come late, out of order, sometimes twice, and for silent orders never. */
  #tell(row: Row, event: PrivateEvent): void {
    if (row.fault === 'silent' || !this.#connected) return;
    for (let times = this.random() < 0.1 ? 2 : 1; times > 0; times--) {
      this.clock.schedule(this.random() * 200, () => {
        if (this.#connected) for (const each of this.#listeners) each(event);
      });
    }
  }

  #stream(state: 'up' | 'down'): void {
    for (const each of this.#listeners)
      each({ type: 'stream', venue: 'test', state, reason: 'test', receivedAt: this.clock.now() });
  }

  #head() {
    return { venue: 'test', symbol: null, venueSymbol: '', venueTime: null, receivedAt: this.clock.now() } as const;
  }

  #row(ref: OrderRef): Row | undefined {
    return this.rows.get(ref.clientOrderId!);
  }

  #travel(): Promise<void> {
    return this.clock.sleep(1 + this.random() * 30);
  }

  async #unknown(ms: number, kind: 'timeout' | 'connection' | 'unavailable'): Promise<CommandOutcome> {
    await this.clock.sleep(ms);
    return { status: 'unknown', cause: new SpeedError(kind, 'no usable answer') };
  }
}

export function isWorking(status: OrderStatus): boolean {
  return status === 'OPEN' || status === 'PARTIALLY_FILLED';
}

export function lotsOf(amount: string): number {
  return Math.round(Number(amount) * 1000);
}

export function fromLots(lots: number) {
  return decimal((lots / 1000).toFixed(3));
}
