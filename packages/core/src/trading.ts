import type { Balance, FeeRates, Position } from './account.js';
import type { AccountDeclaration, TradingDeclaration } from './capabilities.js';
import type { CallOptions } from './connector.js';
import type { Amendment, CommandOutcome, Fill, NewOrder, Order, OrderRef } from './order.js';

/** How a command travels; absent: the order socket where the venue has one and it is up, else REST. */
export interface CommandOptions extends CallOptions {
  readonly via?: 'socket' | 'rest' | undefined;
}

export interface FillQuery extends CallOptions {
  /** Fills from this trade id on, itself included: an overlap, to be deduplicated by id. */
  readonly fromId?: string | undefined;
  /** Fills from this time on, ms. */
  readonly since?: number | undefined;
  readonly venueOrderId?: string | undefined;
  readonly limit?: number | undefined;
}

/**
 * Commands send once and never throw for what the venue or the network does: that is in the outcome. They throw
 * SpeedError `invalid-request` or `unsupported` when nothing was sent because the request itself is wrong.
 */
export interface TradingCommands {
  /** A new id by the venue's rules, with a prefix that {@link ownsClientOrderId} recognises. */
  newClientOrderId(): string;
  /** True for ids minted by any process with the same prefix. */
  ownsClientOrderId(clientOrderId: string): boolean;
  placeOrder(order: NewOrder, options?: CommandOptions): Promise<CommandOutcome>;
  cancelOrder(order: OrderRef, options?: CommandOptions): Promise<CommandOutcome>;
  /** Cancels every working order of the symbol, those of others on the same account included, and what waits for a price. */
  cancelAllOrders(symbol: string, options?: CommandOptions): Promise<CommandOutcome>;
  /**
   * What the venue knows of an order; `null` only on proof that it knows nothing.
   * @throws SpeedError when it cannot be asked: that proves nothing
   */
  getOrder(order: OrderRef, options?: CommandOptions): Promise<Order | null>;
  /** Working orders, of one symbol or of all. */
  openOrders(symbol?: string, options?: CommandOptions): Promise<readonly Order[]>;
  /** Own fills, oldest first. */
  fills(symbol: string, query?: FillQuery): Promise<readonly Fill[]>;
}

export interface Amending {
  /** Which of price and amount may change is in the declaration; queue priority may be lost. */
  amendOrder(order: OrderRef, change: Amendment, options?: CommandOptions): Promise<CommandOutcome>;
}

export interface Batching {
  /** One outcome per order, in order. */
  placeOrders(orders: readonly NewOrder[], options?: CommandOptions): Promise<readonly CommandOutcome[]>;
  cancelOrders(orders: readonly OrderRef[], options?: CommandOptions): Promise<readonly CommandOutcome[]>;
}

export interface DeadMansSwitch {
  /** The venue cancels the symbol's orders unless this is called again within `ms`; 0 disarms. */
  cancelAllAfter(symbol: string, ms: number, options?: CommandOptions): Promise<void>;
}

/** Trading as the venue's declaration shapes it: what it lacks is absent. */
export type Trading<T extends TradingDeclaration = TradingDeclaration> = TradingCommands &
  (T extends { readonly amend: readonly string[] } ? Amending : unknown) &
  (T extends { readonly batch: object } ? Batching : unknown) &
  (T extends { readonly deadMansSwitch: true } ? DeadMansSwitch : unknown);

/** Trading as a host sees it after discovery. */
export type AnyTrading = TradingCommands & Partial<Amending & Batching & DeadMansSwitch>;

/** Where it comes from, as on market events; `recovered` marks what a question found instead of the stream. */
interface PrivateBase {
  readonly venue: string;
  readonly symbol: string | null;
  readonly venueSymbol: string;
  readonly venueTime: number | null;
  readonly receivedAt: number;
  readonly recovered?: boolean;
}

export interface OrderEvent extends PrivateBase {
  readonly type: 'order';
  readonly order: Order;
}
export interface FillEvent extends PrivateBase {
  readonly type: 'fill';
  readonly fill: Fill;
}
export interface PositionEvent extends PrivateBase {
  readonly type: 'position';
  readonly position: Position;
}
export interface BalanceEvent extends Omit<PrivateBase, 'symbol' | 'venueSymbol'> {
  readonly type: 'balance';
  readonly balance: Balance;
}
/** The private stream is up or down. After `up` ask for what was missed before trusting it. */
export interface StreamEvent {
  readonly type: 'stream';
  readonly venue: string;
  readonly state: 'up' | 'down';
  readonly reason: string;
  readonly receivedAt: number;
}

/** What happened to an account. */
export type AccountEvent = OrderEvent | FillEvent | PositionEvent | BalanceEvent;
export type PrivateEvent = AccountEvent | StreamEvent;

export interface AccountReads {
  balances(options?: CommandOptions): Promise<readonly Balance[]>;
  feeRates(symbol: string, options?: CommandOptions): Promise<FeeRates>;
  /**
   * Private events of the whole account, synchronously, in order of arrival. Resolves when the stream is up; it heals
   * itself and says so by `stream` events. Disposing ends it.
   */
  subscribe(on: (event: PrivateEvent) => void, options?: CallOptions): Promise<AsyncDisposable>;
}

export interface Positions {
  /** Open positions, of one symbol or of all. */
  positions(symbol?: string, options?: CommandOptions): Promise<readonly Position[]>;
}

export interface Leverage {
  setLeverage(symbol: string, leverage: number, options?: CommandOptions): Promise<void>;
  /** Margin mode of one symbol; already so is not an error. */
  setMarginMode(symbol: string, mode: 'cross' | 'isolated', options?: CommandOptions): Promise<void>;
}

export interface Hedging {
  /** Two legs per symbol (hedge) or one net position. */
  hedgeMode(options?: CommandOptions): Promise<boolean>;
  setHedgeMode(on: boolean, options?: CommandOptions): Promise<void>;
}

export type Account<A extends AccountDeclaration = AccountDeclaration> = AccountReads &
  (A extends { readonly positions: true } ? Positions : unknown) &
  (A extends { readonly positions: true; readonly leverage?: never } ? Leverage : unknown) &
  (A extends { readonly hedgeMode: true } ? Hedging : unknown);

/** The account as a host sees it after discovery. */
export type AnyAccount = AccountReads & Partial<Positions & Leverage & Hedging>;
