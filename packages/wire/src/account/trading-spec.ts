import type {
  AccountDeclaration,
  Amendment,
  Fill,
  FillQuery,
  Instrument,
  NewOrder,
  Order,
  OrderRef,
  SpeedError,
  TradingDeclaration,
} from '@speed-protocol/core';
import type { Stamp } from '../calls/api-socket.js';
import type { OrderIdForm } from '../commands/order-ids.js';
import type { ErrorTable } from '../rest/faults.js';
import type { Command, Doors } from './doors.js';

/**
 * Asks one question and reads the answer.
 * @throws SpeedError `protocol` when it is of another shape than documented; else as {@link Doors.ask}
 */
export type Question<S extends Stamp = Stamp> = <B, R>(command: Command<S>, read: (body: B) => R) => Promise<R>;

/** What an accepted command says of its order; `order` where the answer holds all of it. */
export interface Accepted {
  readonly venueOrderId: string | null;
  readonly order: Order | null;
}

/** One entry of a batch. */
export interface Entry<T> {
  readonly item: T;
  readonly instrument: Instrument;
}

/** Several orders in one request; how many one holds is declared. */
export interface BatchSpec<S extends Stamp = Stamp> {
  place(entries: readonly Entry<NewOrder>[]): Command<S>;
  cancel(entries: readonly Entry<OrderRef>[]): Command<S>;
  /** Entries of different groups go in different requests; absent: any mixture is one. */
  readonly groupOf?: ((entry: Entry<NewOrder | OrderRef>) => string) | undefined;
  /** The answer's rows, one for each entry: what the error table finds a refusal in, and what {@link TradingSpec.accepted} reads. */
  rows(body: unknown): readonly { readonly fault: unknown; readonly body: unknown }[];
}

/** Orders of one venue: its commands and how their answers read. Everything is checked before it comes here. */
export interface TradingSpec<S extends Stamp = Stamp> {
  readonly declared: { readonly trading: TradingDeclaration; readonly account: AccountDeclaration };
  readonly doors: Doors<S>;
  readonly errors: ErrorTable;
  readonly ids: OrderIdRules;
  /** How our client order ids begin. */
  readonly orderIdPrefix: string;
  place(order: NewOrder, instrument: Instrument): Command<S>;
  cancel(ref: OrderRef, instrument: Instrument): Command<S>;
  /** May ask before; what that throws is the outcome, and nothing was sent. */
  readonly amend?:
    | ((ref: OrderRef, change: Amendment, instrument: Instrument, ask: Question<S>) => Command<S> | Promise<Command<S>>)
    | undefined;
  /**
   * Reads the answer to a command. An error that it gives back is the refusal that the answer proves, e.g. of a cancel that
   * met nothing. What it throws leaves the outcome unknown.
   */
  accepted(body: unknown, symbol: string): Accepted | SpeedError;
  /**
   * All orders of a symbol at once: one command, or further ones where the venue keeps some orders apart. Absent: those that
   * are open are cancelled by themselves.
   */
  readonly cancelAll?: ((instrument: Instrument) => readonly [Command<S>, ...Command<S>[]]) | undefined;
  /** Codes by which the venue says that there was none to cancel. */
  readonly noneToCancel?: ReadonlySet<string> | undefined;
  /** Codes by which the venue proves that it does not know an order. */
  readonly noOrder: ReadonlySet<string>;
  order(ref: OrderRef, instrument: Instrument, ask: Question<S>): Promise<Order | null>;
  openOrders(instrument: Instrument | undefined, ask: Question<S>): Promise<readonly Order[]>;
  /** Oldest first. */
  fills(instrument: Instrument, query: FillQuery, ask: Question<S>): Promise<readonly Fill[]>;
  readonly batch?: BatchSpec<S> | undefined;
  readonly cancelAllAfter?: ((instrument: Instrument, ms: number) => Command<S>) | undefined;
}

/** What a client order id may look like. */
export interface OrderIdRules extends Omit<OrderIdForm, 'prefix'> {
  readonly pattern: RegExp;
  /**
   * To the venue they are mere labels: it takes one again, and makes a second order of it. One that has been sent is refused
   * here, unsent, until it is proven that no order came of it. Absent: the venue sees to that. Not for venues with batches.
   */
  readonly areLabels?: true | undefined;
}
