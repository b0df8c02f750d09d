import {
  type AnyTrading,
  type CommandOptions,
  type CommandOutcome,
  compareDecimals,
  type Decimal,
  isDecimal,
  type NewOrder,
  type Order,
  type OrderRef,
  type PluginContext,
  SpeedError,
} from '@speed-protocol/core';
import type { OrderIdMint } from '@speed-protocol/wire';
import { has } from './capabilities.js';
import type { Clients } from './clients.js';
import type { CcxtConfig } from './config.js';
import { outcomeOf } from './errors.js';
import type { CcxtBridge } from './exchange.js';
import { readFills } from './fills.js';
import { decimalOrNull, isExactNumber } from './numbers.js';
import { orderParams } from './order-formats.js';
import { orderIdMint } from './order-ids.js';
import { OrderLookup, takesClientId } from './order-lookup.js';
import type { CcxtExchange, CcxtOrder } from './types.js';

/** Orders through ccxt: commands are sent once, questions may be asked again. */
export class CcxtTrading {
  readonly #mint: OrderIdMint;
  readonly #lookup: OrderLookup;

  constructor(
    private readonly bridge: CcxtBridge,
    private readonly clients: Clients,
    context: PluginContext<CcxtConfig>,
  ) {
    this.#mint = orderIdMint(context.config);
    this.#lookup = new OrderLookup(bridge, clients.orders);
  }

  room(): AnyTrading {
    return {
      newClientOrderId: () => this.#mint.next(),
      ownsClientOrderId: (id) => this.#mint.owns(id),
      placeOrder: (order, options) => this.placeOrder(order, options),
      cancelOrder: (ref, options) => this.cancelOrder(ref, options),
      cancelAllOrders: (symbol, options) => this.cancelAllOrders(symbol, options),
      getOrder: (ref, options) => this.getOrder(ref, options),
      openOrders: (symbol, options) => this.openOrders(symbol, options),
      fills: (symbol, query) => readFills(this.bridge, this.clients.orders, symbol, query),
    };
  }

  async placeOrder(order: NewOrder, options: CommandOptions = {}): Promise<CommandOutcome> {
    const { symbol, type, side, amount, price, clientOrderId } = order;
    await this.#prepare(symbol, options);
    this.#check(order);
    const { kind } = await this.bridge.reference.instrument(symbol, options);
    if (order.reduceOnly === true && kind === 'spot') throw this.#wrong(`${symbol} is spot, where no order is reduceOnly`);
    const offGrid = this.#offGrid('amount', symbol, amount) ?? (price && this.#offGrid('price', symbol, price));
    if (offGrid) return { status: 'rejected', reason: offGrid };
    const [size, limit] = [Number(amount), price === undefined ? undefined : Number(price)];
    const send = (it: CcxtExchange) => it.createOrder(symbol, type, side, size, limit, orderParams(order));
    return this.#command('createOrder', send, options, ({ id }: CcxtOrder) => {
      if (!id) throw this.bridge.protocol('createOrder', 'no order id in the answer');
      this.clients.orders.learn(id, clientOrderId);
      return id;
    });
  }

  async cancelOrder(ref: OrderRef, options: CommandOptions = {}): Promise<CommandOutcome> {
    const { symbol, clientOrderId } = ref;
    const exchange = await this.#prepare(symbol, options);
    const id = clientOrderId === undefined ? ref.venueOrderId : this.clients.orders.venueId(clientOrderId);
    if (id === undefined && clientOrderId === undefined) throw this.#wrong('an order is named by clientOrderId or venueOrderId');
    if (id === undefined && !takesClientId(exchange, 'cancelOrder'))
      return this.#cancelListed(clientOrderId as string, symbol, options);
    const params = id === undefined ? { clientOrderId } : {};
    return this.#command(
      'cancelOrder',
      (it) => it.cancelOrder(id ?? '', symbol, { ...params }),
      options,
      () => id ?? null,
    );
  }

  /** By one command where ccxt has it, else one by one. */
  async cancelAllOrders(symbol: string, options: CommandOptions = {}): Promise<CommandOutcome> {
    const exchange = await this.#prepare(symbol, options);
    if (has(exchange, 'cancelAllOrders')) {
      const outcome = await this.#command(
        'cancelAllOrders',
        (it) => it.cancelAllOrders(symbol),
        options,
        () => null,
      );
      // Some exchanges have a refusal for "nothing to cancel".
      return outcome.status === 'rejected' && outcome.reason.kind === 'not-found' ? DONE : outcome;
    }
    try {
      const open = await this.openOrders(symbol, options);
      const cancels = open.map(({ venueOrderId }) => this.cancelOrder({ symbol, venueOrderId }, options));
      return (await Promise.all(cancels)).find(isFailure) ?? DONE;
    } catch (error) {
      if (!SpeedError.is(error)) throw error;
      return { status: 'rejected', reason: unsent(error) };
    }
  }

  async getOrder(ref: OrderRef, options: CommandOptions = {}): Promise<Order | null> {
    await this.#prepare(ref.symbol, options);
    return this.#lookup.find(ref, options);
  }

  async openOrders(symbol?: string, options: CommandOptions = {}): Promise<readonly Order[]> {
    const exchange = this.bridge.signed();
    await this.bridge.reference.instruments(options);
    if (symbol !== undefined) await this.bridge.reference.instrument(symbol, options);
    const rows = await this.bridge.ask('fetchOpenOrders', exchange, (it) => it.fetchOpenOrders(symbol), options);
    return rows.map((row) => this.#lookup.read(row, row.symbol ?? symbol ?? ''));
  }

  /** Credentials are there and the listing is: what is sent afterwards is the command alone. */
  async #prepare(symbol: string, options: CommandOptions): Promise<CcxtExchange> {
    const exchange = this.bridge.signed();
    if (options.via === 'socket') {
      const { venue } = this.bridge;
      throw new SpeedError('unsupported', `${venue}: orders go over REST only`, { venue });
    }
    await this.bridge.reference.instrument(symbol, options);
    return exchange;
  }

  /** Sends a command, once, and says what became of it. */
  async #command<T>(
    method: string,
    send: (exchange: CcxtExchange) => Promise<T>,
    options: CommandOptions,
    idOf: (answer: T) => string | null,
  ): Promise<CommandOutcome> {
    const exchange = this.bridge.signed();
    if (options.signal?.aborted)
      throw new SpeedError('aborted', `${method} was aborted; nothing was sent`, { outcomeKnown: true });
    try {
      const answer = await this.bridge.once(method, () => send(exchange), options);
      return { status: 'accepted', venueOrderId: idOf(answer), order: null };
    } catch (error) {
      if (!SpeedError.is(error)) throw error;
      if (error.kind === 'clock-skew') await this.bridge.learnTime(exchange);
      return outcomeOf(error);
    }
  }

  /** For exchanges that cancel by their own id only. */
  async #cancelListed(clientOrderId: string, symbol: string, options: CommandOptions): Promise<CommandOutcome> {
    try {
      const found = await this.#lookup.listed(clientOrderId, symbol, ['fetchOpenOrders'], options);
      if (found) return await this.cancelOrder({ symbol, venueOrderId: found.venueOrderId }, options);
      const { venue } = this.bridge;
      const message = `${venue} lists no open order "${clientOrderId}" of ${symbol}; nothing was sent`;
      return { status: 'rejected', reason: new SpeedError('not-found', message, { venue }) };
    } catch (error) {
      if (!SpeedError.is(error)) throw error;
      return { status: 'rejected', reason: unsent(error) };
    }
  }

  /** @throws SpeedError `invalid-request`: nothing is sent that cannot be right */
  #check({ clientOrderId, type, amount, price, timeInForce }: NewOrder): void {
    if (!/^[\w-]{1,64}$/.test(clientOrderId)) throw this.#wrong(`clientOrderId "${clientOrderId}" is not of letters and digits`);
    this.#checkPositive('amount', amount);
    if (type === 'limit') this.#checkPositive('price', price ?? '');
    else if (price !== undefined || timeInForce !== undefined) {
      throw this.#wrong('a market order takes neither price nor timeInForce');
    }
  }

  #checkPositive(name: string, text: string): void {
    if (!isDecimal(text) || Number(text) <= 0) throw this.#wrong(`${name} must be a positive decimal and is "${text}"`);
  }

  /** ccxt cuts to the grid without a word, and takes JS numbers: what would be sent otherwise than said is refused here. */
  #offGrid(name: 'amount' | 'price', symbol: string, value: Decimal): SpeedError | undefined {
    if (!isExactNumber(value)) return this.#wrong(`${name} ${value} has more digits than ccxt's JavaScript numbers can carry`);
    const cut = gridOf(this.bridge.signed(), name, symbol, value);
    const sent = decimalOrNull(cut);
    if (sent !== null && compareDecimals(sent, value) === 0) return undefined;
    return this.#wrong(`${name} ${value} of ${symbol} is off the grid; ccxt would send ${cut ?? 'nothing'}`);
  }

  #wrong(message: string): SpeedError {
    return new SpeedError('invalid-request', `${this.bridge.venue}: ${message}`, { venue: this.bridge.venue });
  }
}

/** What ccxt makes of a value; `undefined` when nothing is left. */
function gridOf(exchange: CcxtExchange, name: 'amount' | 'price', symbol: string, value: Decimal): string | undefined {
  try {
    return name === 'amount' ? exchange.amountToPrecision(symbol, value) : exchange.priceToPrecision(symbol, value);
  } catch {
    return undefined;
  }
}

const DONE: CommandOutcome = { status: 'accepted', venueOrderId: null, order: null };

/** What is gone by itself needs no cancelling. */
const isFailure = (outcome: CommandOutcome): boolean =>
  outcome.status === 'unknown' || (outcome.status === 'rejected' && outcome.reason.kind !== 'not-found');

/** A question failed before the command itself was sent. */
function unsent(error: SpeedError): SpeedError {
  const { kind, venue, venueCode, retryAfterMs } = error;
  const message = `${error.message}; the command was not sent`;
  return new SpeedError(kind, message, { venue, venueCode, retryAfterMs, cause: error, outcomeKnown: true });
}
