import { type Instrument, nearest, Secret, SpeedError } from '@speed-protocol/core';
import type { DeskOrder, TradingAccount } from '@speed-protocol/host';
import type { CommandContext } from '../commands/context.js';
import type { Wish } from '../trading/place.js';
import { Throttle } from '../trading/pnl.js';
import { mayUse } from '../trading/users.js';
import type { Message } from './actions.js';
import { Orderbooks } from './books.js';
import type { Line } from './door.js';
import { OrderEnds } from './order-ends.js';
import { resolveInstrument } from './resolve.js';
import { ENDS, orderData, pnlData } from './shapes.js';

interface Named {
  readonly account: TradingAccount;
  /** What its owner calls it. */
  readonly name: string;
}

/** What the actions of one connection have in common: its accounts, orders and watches. */
export class Desk implements AsyncDisposable {
  readonly books: Orderbooks;
  readonly #controller = new AbortController();
  readonly #leases = new Set<string>();
  /** Profit watches, by client order id. */
  readonly #watches = new Map<string, Throttle>();

  constructor(
    private readonly line: Line,
    readonly context: CommandContext,
  ) {
    this.books = new Orderbooks(line, context);
  }

  /** Aborted when the connection is gone. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  say(message: object): void {
    if (!this.signal.aborted) this.line.send(JSON.stringify(message));
  }

  /** The account that a message means: by the keys in it, where they are accepted, or by its name. */
  async account(message: Message): Promise<Named> {
    const { exchange, api_key: apiKey, api_secret: secret, password, account_name: name } = message;
    if (typeof exchange !== 'string') throw missing();
    const user = this.line.user!;
    if (apiKey === undefined && secret === undefined) return this.#named(exchange, name, message);
    if (typeof apiKey !== 'string' || typeof secret !== 'string' || apiKey === '' || secret === '') throw missing();
    if (!user.mayTrade) throw new SpeedError('unauthorized', `The user "${user.name}" may look, but not trade`);
    const keys = { venue: exchange, apiKey: new Secret(apiKey), secret: new Secret(secret) };
    const { inline } = this.context.trading;
    const { id, account } = await inline.lease({
      ...keys,
      password: typeof password === 'string' ? new Secret(password) : undefined,
    });
    if (this.#leases.has(id) || this.signal.aborted) inline.release(id);
    if (!this.signal.aborted) this.#leases.add(id);
    return { account, name: typeof name === 'string' ? name : id };
  }

  async open(message: Message, symbol: unknown): Promise<Named & { readonly instrument: Instrument }> {
    const named = await this.account(message);
    const connector = await this.context.connect(named.account.venue);
    return { ...named, instrument: await resolveInstrument(connector, symbol) };
  }

  /** Places, says so, and follows the order to its end; then its profit. */
  async place(message: Message, account: TradingAccount, wish: Wish): Promise<void> {
    const action = String(message['action']);
    const order = await account.place(wish);
    if (order.status !== 'REJECTED') this.say({ action, status: 'placed', data: orderData(order) });
    void this.end(account, order).then((ended) => {
      const status = ENDS[ended.status];
      this.say({ action, status, data: orderData(ended), ...(ended.status === 'REJECTED' && { message: ended.reason }) });
      if (Number(ended.filled) > 0) this.#watchPnl(account, ended, String(message['account_name'] ?? account.id));
    });
  }

  end(account: TradingAccount, order: DeskOrder): Promise<DeskOrder> {
    return OrderEnds.of(account).of(order, this.signal);
  }

  /** An order of the account, by any of its ids. */
  async find(message: Message, params: Message) {
    const { account } = await this.account(message);
    const id = [params['order_id'], params['id'], params['clientOrderId']].find((each) => each !== undefined);
    const order = orderOf(account, id);
    if (!order) throw new SpeedError('not-found', `No order ${JSON.stringify(id ?? null)} on this account; give params.order_id`);
    const connector = await this.context.connect(account.venue);
    return { account, order, instrument: await connector.reference.instrument(order.symbol) };
  }

  /** Ends the profit watch of one order, or all of them. */
  stopPnl(message: Message, params: Message): void {
    const id = params['order_id'] ?? message['order_id'];
    const all = [...this.#watches.keys()];
    const chosen = id === undefined ? all : all.filter((each) => each === id);
    for (const each of chosen) this.#endWatch(each);
    this.say({ status: 'stopped', action: 'stop_pnl' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller.abort();
    for (const watch of this.#watches.values()) watch[Symbol.dispose]();
    this.#watches.clear();
    for (const id of this.#leases) this.context.trading.inline.release(id);
    this.#leases.clear();
    await this.books[Symbol.asyncDispose]();
  }

  async #named(venue: string, name: unknown, { is_testnet: isTestnet }: Message): Promise<Named> {
    const { accounts } = this.context.trading;
    const user = this.line.user!;
    const usable = accounts.list(user).filter((each) => each.venue === venue);
    const view = usable.find((each) => each.account === name) ?? (usable.length === 1 ? usable[0] : undefined);
    if (!view || !mayUse(user, view.account))
      throw unnamed(
        venue,
        name,
        usable.map(({ account }) => account),
      );
    const isLive = view.environment === 'live';
    if (view.environment !== 'sim' && isTestnet !== undefined && isTestnet === isLive) {
      throw new SpeedError(
        'unauthorized',
        `The account "${view.account}" is ${view.environment}, and the message says is_testnet: ${isTestnet}`,
      );
    }
    return { account: await accounts.tradable(user, view.account), name: view.account };
  }

  #watchPnl(account: TradingAccount, { clientOrderId }: DeskOrder, name: string): void {
    const { pnlIntervalMs, pnlWatches } = this.context.config.limits;
    if (this.signal.aborted || this.#watches.size >= pnlWatches) return;
    const throttle = new Throttle(this.context.host.clock, pnlIntervalMs, (update) => {
      if (update.markPrice !== null) this.say({ action: 'pnl_update', status: 'monitoring', data: pnlData(name, update) });
      if (!update.open) this.#endWatch(clientOrderId);
    });
    this.#watches.set(clientOrderId, throttle);
    throttle.watch = account.watchPnl(clientOrderId, (update) => throttle.take(update));
    if (throttle.over) throttle[Symbol.dispose]();
  }

  #endWatch(clientOrderId: string): void {
    this.#watches.get(clientOrderId)?.[Symbol.dispose]();
    if (this.#watches.delete(clientOrderId)) this.say({ action: 'pnl_update', status: 'stopped' });
  }
}

const missing = () => new SpeedError('invalid-request', 'Missing required data (user_id, action, exchange, api_key, api_secret)');

function unnamed(venue: string, name: unknown, usable: readonly string[]): SpeedError {
  const near = typeof name === 'string' ? nearest(name, usable) : undefined;
  const hint = near ? `; did you mean "${near}"?` : usable.length > 0 ? ` (there: ${usable.join(', ')})` : '';
  return new SpeedError('not-found', `No account ${JSON.stringify(name ?? null)} for ${venue} in the configuration${hint}`);
}

function orderOf(account: TradingAccount, id: unknown): DeskOrder | undefined {
  try {
    return account.order(String(id));
  } catch {
    return account.orders().find(({ venueOrderId }) => venueOrderId === String(id));
  }
}
