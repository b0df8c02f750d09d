import {
  type Amendment,
  type AnyTrading,
  type CommandOptions,
  type CommandOutcome,
  type Fill,
  type FillQuery,
  type Instrument,
  type NewOrder,
  type Order,
  type OrderRef,
  SpeedError,
} from '@speed-protocol/core';
import type { Stamp } from '../calls/api-socket.js';
import { OrderIdMint } from '../commands/order-ids.js';
import { outcomeOf, unreadable } from '../commands/outcome.js';
import type { RestExchange } from '../exchange/rest-exchange.js';
import { entriesOf, outcomesOf, refusalIn, type SendBatch } from './batches.js';
import { checkAmendment, checkNamed, checkOrder, type OrderRules } from './checks.js';
import type { Command } from './doors.js';
import { isInstrument, isUnknownSymbol, saysOneOf, sendable, unsent } from './sendable.js';
import { SentIds } from './sent-ids.js';
import type { Question, TradingSpec } from './trading-spec.js';

/** The trading room of a venue: what its declaration says, and nothing else. */
export function createTrading<S extends Stamp>(exchange: RestExchange, spec: TradingSpec<S>): AnyTrading {
  const room = new TradingRoom(exchange, spec);
  const { amend, batch, deadMansSwitch } = spec.declared.trading;
  return {
    newClientOrderId: () => room.mint.next(),
    ownsClientOrderId: (id) => room.mint.owns(id),
    placeOrder: (order, options) => room.placeOrder(order, options),
    cancelOrder: (ref, options) => room.cancelOrder(ref, options),
    cancelAllOrders: (symbol, options) => room.cancelAllOrders(symbol, options),
    getOrder: (ref, options) => room.getOrder(ref, options),
    openOrders: (symbol, options) => room.openOrders(symbol, options),
    fills: (symbol, query) => room.fills(symbol, query),
    ...(amend && {
      amendOrder: (ref: OrderRef, change: Amendment, options?: CommandOptions) => room.amendOrder(ref, change, options),
    }),
    ...(batch && {
      placeOrders: (orders: readonly NewOrder[], options?: CommandOptions) => room.placeOrders(orders, options),
      cancelOrders: (refs: readonly OrderRef[], options?: CommandOptions) => room.cancelOrders(refs, options),
    }),
    ...(deadMansSwitch && {
      cancelAllAfter: (symbol: string, ms: number, options?: CommandOptions) => room.cancelAllAfter(symbol, ms, options),
    }),
  };
}

/** Core's commands, from a venue's table of them, by the two doors. */
class TradingRoom<S extends Stamp> {
  readonly mint: OrderIdMint;
  readonly #exchange: RestExchange;
  readonly #spec: TradingSpec<S>;
  readonly #rules: OrderRules;
  readonly #sent: SentIds | undefined;

  constructor(exchange: RestExchange, spec: TradingSpec<S>) {
    this.#exchange = exchange;
    this.#spec = spec;
    this.mint = new OrderIdMint({ ...spec.ids, prefix: spec.orderIdPrefix });
    this.#sent = spec.ids.areLabels && new SentIds(exchange.venue);
    this.#rules = { venue: exchange.venue, ...spec.declared, clientOrderId: spec.ids.pattern };
  }

  async placeOrder(order: NewOrder, options: CommandOptions = {}): Promise<CommandOutcome> {
    checkOrder(this.#rules, order);
    const instrument = this.#known(order.symbol) ?? (await this.#instrument(order.symbol, options));
    if (!isInstrument(instrument)) return { status: 'rejected', reason: instrument };
    const command = this.#spec.place(order, instrument);
    this.#spec.doors.check(command, options);
    const duplicate = this.#sent?.claim(order.clientOrderId);
    if (duplicate) return { status: 'rejected', reason: duplicate };
    const outcome = await this.#send('placing an order', order.symbol, command, options);
    if (outcome.status === 'rejected') this.#sent?.release(order.clientOrderId);
    return outcome;
  }

  async cancelOrder(ref: OrderRef, options: CommandOptions = {}): Promise<CommandOutcome> {
    checkNamed(this.#rules, ref);
    const instrument = this.#known(ref.symbol) ?? (await this.#instrument(ref.symbol, options));
    if (!isInstrument(instrument)) return { status: 'rejected', reason: instrument };
    return this.#send('cancelling an order', ref.symbol, this.#spec.cancel(ref, instrument), options);
  }

  async amendOrder(ref: OrderRef, change: Amendment, options: CommandOptions = {}): Promise<CommandOutcome> {
    checkNamed(this.#rules, ref);
    checkAmendment(this.#rules, change);
    const instrument = this.#known(ref.symbol) ?? (await this.#instrument(ref.symbol, options));
    if (!isInstrument(instrument)) return { status: 'rejected', reason: instrument };
    let command: Command<S>;
    try {
      command = await this.#spec.amend!(ref, change, instrument, this.#question({ signal: options.signal }));
    } catch (error) {
      return { status: 'rejected', reason: unsent(error) };
    }
    return this.#send('amending an order', ref.symbol, command, options);
  }

  async cancelAllOrders(symbol: string, options: CommandOptions = {}): Promise<CommandOutcome> {
    const { cancelAll, noneToCancel, doors } = this.#spec;
    if (!cancelAll) return this.#cancelEach(symbol, options);
    const instrument = this.#known(symbol) ?? (await this.#instrument(symbol, options));
    if (!isInstrument(instrument)) return { status: 'rejected', reason: instrument };
    const [command, ...apart] = cancelAll(instrument);
    doors.check(command, options);
    const { signal } = options;
    try {
      await Promise.all([doors.ask(command, options), ...apart.map((each) => doors.ask(each, { signal }))]);
    } catch (error) {
      if (!saysOneOf(error, noneToCancel)) return outcomeOf(error);
    }
    return ALL_CANCELLED;
  }

  async getOrder(ref: OrderRef, options: CommandOptions = {}): Promise<Order | null> {
    checkNamed(this.#rules, ref);
    const instrument = await this.#exchange.reference.instrument(ref.symbol, options);
    try {
      return await this.#spec.order(ref, instrument, this.#question(options));
    } catch (error) {
      if (saysOneOf(error, this.#spec.noOrder)) return null;
      throw error;
    }
  }

  async openOrders(symbol?: string, options: CommandOptions = {}): Promise<readonly Order[]> {
    // Loads the listing, by which the rows' symbols are told.
    await this.#exchange.reference.instruments(options);
    const instrument = symbol === undefined ? undefined : await this.#exchange.reference.instrument(symbol, options);
    return this.#spec.openOrders(instrument, this.#question(options));
  }

  async fills(symbol: string, query: FillQuery = {}): Promise<readonly Fill[]> {
    const { signal } = query;
    const instrument = await this.#exchange.reference.instrument(symbol, { signal });
    return this.#spec.fills(instrument, query, this.#question({ signal }));
  }

  async placeOrders(orders: readonly NewOrder[], options: CommandOptions = {}): Promise<readonly CommandOutcome[]> {
    for (const order of orders) checkOrder(this.#rules, order);
    const entries = await entriesOf(orders, (symbol) => this.#known(symbol) ?? this.#instrument(symbol, options));
    const { place, groupOf } = this.#spec.batch!;
    const most = this.#spec.declared.trading.batch!.place;
    return outcomesOf(entries, { most, groupOf, make: place, send: this.#sendBatch(options) });
  }

  async cancelOrders(refs: readonly OrderRef[], options: CommandOptions = {}): Promise<readonly CommandOutcome[]> {
    for (const ref of refs) checkNamed(this.#rules, ref);
    const entries = await entriesOf(refs, (symbol) => this.#known(symbol) ?? this.#instrument(symbol, options));
    const { cancel, groupOf } = this.#spec.batch!;
    const most = this.#spec.declared.trading.batch!.cancel;
    return outcomesOf(entries, { most, groupOf, make: cancel, send: this.#sendBatch(options) });
  }

  async cancelAllAfter(symbol: string, ms: number, options: CommandOptions = {}): Promise<void> {
    if (!Number.isSafeInteger(ms) || ms < 0) {
      const why = `${this.#exchange.venue}: cancelAllAfter takes whole milliseconds, 0 to disarm, and not ${ms}`;
      throw new SpeedError('invalid-request', why, { venue: this.#exchange.venue });
    }
    const instrument = await this.#exchange.reference.instrument(symbol, options);
    await this.#spec.doors.ask(this.#spec.cancelAllAfter!(instrument, ms), options);
  }

  /** Every working order of the symbol is cancelled by itself; one that has gone meanwhile is as good. */
  async #cancelEach(symbol: string, options: CommandOptions): Promise<CommandOutcome> {
    let open: readonly Order[];
    try {
      open = await this.openOrders(symbol, { signal: options.signal });
    } catch (error) {
      if (SpeedError.is(error, 'unauthorized') || isUnknownSymbol(error)) throw error;
      return outcomeOf(unsent(error));
    }
    const refs = open.map(({ venueOrderId }) => ({ symbol, venueOrderId }));
    const outcomes = this.#spec.declared.trading.batch
      ? await this.cancelOrders(refs, options)
      : await Promise.all(refs.map((ref) => this.cancelOrder(ref, options)));
    const isGone = (outcome: CommandOutcome) => outcome.status === 'rejected' && outcome.reason.kind === 'not-found';
    const failed =
      outcomes.find((outcome) => outcome.status === 'unknown') ??
      outcomes.find((each) => each.status === 'rejected' && !isGone(each));
    return failed ?? ALL_CANCELLED;
  }

  /** Sends a command and says what became of it. */
  async #send(what: string, symbol: string, command: Command<S>, options: CommandOptions): Promise<CommandOutcome> {
    const { doors } = this.#spec;
    doors.check(command, options);
    let body: unknown;
    try {
      body = await doors.ask(command, options);
    } catch (error) {
      return outcomeOf(error);
    }
    return this.#accepted(what, symbol, body);
  }

  /** Sends one request of several commands: an outcome for each. A refusal or an open outcome of the whole is that of each. */
  #sendBatch(options: CommandOptions): SendBatch<S> {
    return async (command, symbols) => {
      this.#spec.doors.check(command, options);
      let body: unknown;
      try {
        body = await this.#spec.doors.ask(command, options);
      } catch (error) {
        const outcome = outcomeOf(error);
        return symbols.map(() => outcome);
      }
      return this.#outcomesIn(body, symbols);
    };
  }

  #outcomesIn(body: unknown, symbols: readonly string[]): readonly CommandOutcome[] {
    const { venue } = this.#exchange;
    try {
      const rows = this.#spec.batch!.rows(body);
      return symbols.map((symbol, i) => {
        const refusal = refusalIn(this.#spec.errors, venue, rows[i]?.fault);
        return refusal ?? this.#accepted('a batch', symbol, rows[i]?.body);
      });
    } catch (cause) {
      return symbols.map(() => unreadable(venue, 'a batch', cause));
    }
  }

  #accepted(what: string, symbol: string, body: unknown): CommandOutcome {
    try {
      const read = this.#spec.accepted(body, symbol);
      if (SpeedError.is(read)) return { status: 'rejected', reason: read };
      const { venueOrderId, order } = read;
      return { status: 'accepted', venueOrderId, order };
    } catch (cause) {
      return unreadable(this.#exchange.venue, what, cause);
    }
  }

  #question(options: CommandOptions): Question<S> {
    return async (command, read) => {
      const body = await this.#spec.doors.ask(command, options);
      return this.#exchange.read(command.endpoint, () => read(body as never));
    };
  }

  #known(symbol: string): Instrument | undefined {
    return this.#exchange.reference.bySymbol.get(symbol);
  }

  #instrument(symbol: string, options: CommandOptions): Promise<Instrument | SpeedError> {
    return sendable(this.#exchange.reference, symbol, options);
  }
}

const ALL_CANCELLED: CommandOutcome = { status: 'accepted', venueOrderId: null, order: null };
