import { type CommandOptions, type Order, type OrderRef, SpeedError } from '@speed-protocol/core';
import { has } from './capabilities.js';
import type { CcxtBridge } from './exchange.js';
import type { KnownOrders } from './known-orders.js';
import { orderOf } from './order-formats.js';
import type { CcxtExchange, CcxtOrder, Method } from './types.js';

/**
 * Exchanges whose `OrderNotFound` for a client order id has been seen to mean that there is no such order. ccxt has no
 * flag for it, and some of its exchanges say so of any client order id: there the answer proves nothing.
 */
const PROVEN: ReadonlySet<string> = new Set(['binance', 'binanceusdm', 'binancecoinm', 'okx']);

/** Does the method read a client order id from its parameters? ccxt's `has` does not say, its text does. */
export function takesClientId(exchange: CcxtExchange, method: 'fetchOrder' | 'cancelOrder'): boolean {
  const text = String((exchange as unknown as Readonly<Record<string, Method>>)[method]).replace(/\/\/.*$/gm, '');
  return /\(params,[^)]*'(clientOrderId|client_order_id|clOrdId)'/.test(text);
}

/** Lists in which an order may stand, the likeliest first. */
const LISTS = [
  'fetchOpenOrders',
  'fetchClosedOrders',
  'fetchCanceledOrders',
  'fetchCanceledAndClosedOrders',
  'fetchOrders',
] as const;

/** Finds orders by whatever ccxt can find them by. */
export class OrderLookup {
  constructor(
    private readonly bridge: CcxtBridge,
    private readonly known: KnownOrders,
  ) {}

  /** @throws SpeedError `unsupported` when nothing proves that there is no such order */
  async find({ symbol, clientOrderId, venueOrderId }: OrderRef, options: CommandOptions): Promise<Order | null> {
    const id = clientOrderId === undefined ? venueOrderId : this.known.venueId(clientOrderId);
    if (id !== undefined) return this.#byVenueId(id, symbol, options);
    if (clientOrderId === undefined) throw this.#unnamed();
    const exchange = this.bridge.signed();
    if (takesClientId(exchange, 'fetchOrder')) {
      const found = await this.#byClientId(clientOrderId, symbol, options);
      if (found || PROVEN.has(exchange.id)) return found;
    }
    const listed = await this.listed(clientOrderId, symbol, LISTS, options);
    if (listed) return listed;
    const { venue } = this.bridge;
    const why = `${venue} ${symbol}: no list of ccxt's shows "${clientOrderId}", which does not prove that there is no such order`;
    throw new SpeedError('unsupported', `${why}; look at the exchange`, { venue });
  }

  /** The order where one of the lists has it. */
  async listed(
    clientOrderId: string,
    symbol: string,
    lists: readonly (typeof LISTS)[number][],
    options: CommandOptions,
  ): Promise<Order | undefined> {
    const exchange = this.bridge.signed();
    for (const method of lists.filter((each) => has(exchange, each))) {
      const list = (it: CcxtExchange) => (it as unknown as Readonly<Record<string, Method>>)[method]!(symbol);
      const rows = (await this.bridge.ask(method, exchange, list, options)) as readonly CcxtOrder[];
      const found = rows.find((row) => row.clientOrderId === clientOrderId);
      if (found) return this.read(found, symbol);
    }
    return undefined;
  }

  /** An order of ccxt's as ours; its ids are kept. @throws SpeedError `protocol` */
  read(order: CcxtOrder, symbol: string): Order {
    try {
      const told = orderOf(this.bridge.venue, symbol, order);
      this.known.learn(told.venueOrderId, told.clientOrderId);
      if (told.clientOrderId !== null) return told;
      return { ...told, clientOrderId: this.known.clientId(told.venueOrderId) };
    } catch (error) {
      throw this.bridge.protocol('order', (error as Error).message, error);
    }
  }

  async #byVenueId(id: string, symbol: string, options: CommandOptions): Promise<Order | null> {
    return this.#fetch(id, symbol, {}, options);
  }

  async #byClientId(clientOrderId: string, symbol: string, options: CommandOptions): Promise<Order | null> {
    const found = await this.#fetch('', symbol, { clientOrderId }, options);
    if (found === null || found.clientOrderId === clientOrderId) return found;
    throw this.bridge.protocol('fetchOrder', `asked for "${clientOrderId}", got "${found.clientOrderId}"`);
  }

  async #fetch(id: string, symbol: string, params: object, options: CommandOptions): Promise<Order | null> {
    const ask = (exchange: CcxtExchange) => exchange.fetchOrder(id, symbol, { ...params });
    try {
      return this.read(await this.bridge.ask('fetchOrder', this.bridge.signed(), ask, options), symbol);
    } catch (error) {
      if (SpeedError.is(error, 'not-found') && error.outcomeKnown) return null;
      throw error;
    }
  }

  #unnamed(): SpeedError {
    const { venue } = this.bridge;
    return new SpeedError('invalid-request', `${venue}: an order is named by clientOrderId or venueOrderId; neither is given`, {
      venue,
    });
  }
}
