import {
  type AccountReads,
  type Balance,
  type CommandOutcome,
  type Connector,
  type Decimal,
  decimal,
  defineExchange,
  type ExchangeManifest,
  type FeedListener,
  type FeedName,
  type Fill,
  type Instrument,
  levelsFromPairs,
  type NewOrder,
  type Order,
  type OrderRef,
  type PrivateEvent,
  SpeedError,
  type TradingCommands,
} from '@speed-protocol/core';

export const VENUE = 'arena';
export const SYMBOLS = ['BTC/USDT', 'ETH/USDT'] as const;

const CAPABILITIES = {
  market: { feeds: ['depth', 'quote'] },
  trading: {
    orderTypes: ['limit', 'market'],
    timeInForce: ['GTC'],
    amend: ['price', 'amount'],
    reduceOnly: false,
    orderSocket: false,
    deadMansSwitch: false,
  },
  account: { positions: false, hedgeMode: false },
} as const;

const BID = 100;
const ASK = 101;
const FEED_MS = 2000;

type Row = { -readonly [K in keyof Order]: Order[K] };

/**
 * An exchange in memory behind a connector: each key is an account, whose name is in every id and every amount's currency,
 * so that whatever shows up in the wrong place says where it came from. Orders that cross are filled at once; others rest.
 */
export class Arena {
  readonly manifest: ExchangeManifest;
  readonly accounts = new Map<string, ArenaAccount>();

  constructor() {
    this.manifest = defineExchange({
      id: VENUE,
      venues: [{ id: VENUE, name: 'Arena', capabilities: CAPABILITIES }],
      parseConfig: (input) => input as { readonly apiKey?: string },
      create: (_venue, { config }) => this.#connector(config.apiKey),
      createNormalizer: () => {
        throw new SpeedError('unsupported', 'no normalizer here');
      },
    }) as unknown as ExchangeManifest;
  }

  account(name: string): ArenaAccount {
    const account = this.accounts.get(name) ?? new ArenaAccount(name);
    this.accounts.set(name, account);
    return account;
  }

  #connector(apiKey: string | undefined): Connector {
    const reference = {
      instruments: async () => INSTRUMENTS,
      instrument: async (symbol: string) => instrumentOf(symbol),
      serverTime: async () => Date.now(),
    };
    const market = { subscribe, depthSnapshot: async (symbol: string) => depthOf(symbol) };
    return {
      ...{ venue: VENUE, capabilities: CAPABILITIES, reference, market: market as unknown as NonNullable<Connector['market']> },
      ...(apiKey !== undefined && { trading: this.account(apiKey), account: this.account(apiKey) }),
      connections: () => [],
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
}

export class ArenaAccount implements TradingCommands, AccountReads {
  readonly rows = new Map<string, Row>();
  /** Client order ids, oldest first. */
  readonly ids: string[] = [];
  readonly trades: Fill[] = [];
  readonly #open = new Set<Row>();
  readonly #listeners = new Set<(event: PrivateEvent) => void>();
  #ids = 0;

  constructor(readonly name: string) {}

  newClientOrderId(): string {
    return `x-${this.name}-${++this.#ids}`;
  }

  ownsClientOrderId(clientOrderId: string): boolean {
    return clientOrderId.startsWith(`x-${this.name}-`);
  }

  async placeOrder(order: NewOrder): Promise<CommandOutcome> {
    await turn();
    const row: Row = {
      ...{ venue: VENUE, symbol: order.symbol, clientOrderId: order.clientOrderId, venueOrderId: `v${order.clientOrderId}` },
      ...{ side: order.side, type: order.type, status: 'OPEN', timeInForce: null, price: order.price ?? null },
      ...{ amount: order.amount, filled: decimal('0'), averagePrice: null, reduceOnly: null, positionSide: null },
      ...{ reason: null, updatedAt: Date.now() },
    };
    this.rows.set(order.clientOrderId, row);
    this.ids.push(order.clientOrderId);
    this.#open.add(row);
    this.#tell(row);
    const crosses = order.type === 'market' || (order.side === 'buy' ? Number(order.price) >= ASK : Number(order.price) <= BID);
    if (crosses) this.fill(row);
    return { status: 'accepted', venueOrderId: row.venueOrderId, order: { ...row } };
  }

  /** Fills what is left of an order. */
  fill(row: Row): void {
    const price = decimal(String(row.side === 'buy' ? ASK : BID));
    const fill: Fill = {
      ...{ venue: VENUE, symbol: row.symbol, tradeId: `t-${this.name}-${this.trades.length}`, venueOrderId: row.venueOrderId },
      ...{ clientOrderId: row.clientOrderId, side: row.side, price, amount: row.amount, fee: decimal('0.01') },
      ...{ feeCurrency: this.#currency, liquidity: 'taker', realizedPnl: null, positionSide: null, time: Date.now() },
    };
    this.trades.push(fill);
    this.#open.delete(row);
    Object.assign(row, { status: 'FILLED', filled: row.amount, averagePrice: price, updatedAt: Date.now() });
    this.#emit({ type: 'fill', fill, ...this.#base(row.symbol) });
    this.#tell(row);
    const [balance] = this.#balances();
    this.#emit({ type: 'balance', balance: balance!, venue: VENUE, venueTime: Date.now(), receivedAt: Date.now() });
  }

  async cancelOrder(ref: OrderRef): Promise<CommandOutcome> {
    await turn();
    const row = this.#row(ref);
    if (row?.status !== 'OPEN')
      return { status: 'rejected', reason: new SpeedError('not-found', 'unknown order', { venue: VENUE }) };
    this.#cancel(row);
    return { status: 'accepted', venueOrderId: row.venueOrderId, order: { ...row } };
  }

  async cancelAllOrders(symbol: string): Promise<CommandOutcome> {
    await turn();
    for (const row of [...this.#open]) if (row.symbol === symbol) this.#cancel(row);
    return { status: 'accepted', venueOrderId: null, order: null };
  }

  async amendOrder(ref: OrderRef, change: { readonly price?: Decimal; readonly amount?: Decimal }): Promise<CommandOutcome> {
    await turn();
    const row = this.#row(ref);
    if (row?.status !== 'OPEN')
      return { status: 'rejected', reason: new SpeedError('not-found', 'unknown order', { venue: VENUE }) };
    Object.assign(row, { ...change, updatedAt: Date.now() });
    this.#tell(row);
    return { status: 'accepted', venueOrderId: row.venueOrderId, order: { ...row } };
  }

  async getOrder(ref: OrderRef): Promise<Order | null> {
    await turn();
    const row = this.#row(ref);
    return row ? { ...row } : null;
  }

  async openOrders(symbol?: string): Promise<readonly Order[]> {
    await turn();
    const open = [...this.#open].filter((row) => (symbol ?? row.symbol) === row.symbol);
    return open.map((row) => ({ ...row }));
  }

  async fills(symbol: string, query: { readonly fromId?: string | undefined; readonly venueOrderId?: string | undefined } = {}) {
    await turn();
    const from = query.fromId === undefined ? 0 : this.trades.findIndex((each) => each.tradeId === query.fromId);
    const wanted = (each: Fill) => each.symbol === symbol && (query.venueOrderId ?? each.venueOrderId) === each.venueOrderId;
    return this.trades.slice(Math.max(0, from)).filter(wanted);
  }

  async balances(): Promise<readonly Balance[]> {
    await turn();
    return this.#balances();
  }

  async feeRates() {
    return { maker: decimal('0'), taker: decimal('0.001') };
  }

  async subscribe(on: (event: PrivateEvent) => void): Promise<AsyncDisposable> {
    this.#listeners.add(on);
    return { [Symbol.asyncDispose]: async () => void this.#listeners.delete(on) };
  }

  get #currency(): string {
    return `${this.name}-coin`;
  }

  #balances(): Balance[] {
    return [{ venue: VENUE, currency: this.#currency, total: decimal(String(1000 + this.trades.length)), free: decimal('1000') }];
  }

  #row(ref: OrderRef): Row | undefined {
    return ref.clientOrderId === undefined ? undefined : this.rows.get(ref.clientOrderId);
  }

  #cancel(row: Row): void {
    this.#open.delete(row);
    Object.assign(row, { status: 'CANCELED', updatedAt: Date.now() });
    this.#tell(row);
  }

  #tell(row: Row): void {
    this.#emit({ type: 'order', order: { ...row }, ...this.#base(row.symbol) });
  }

  #base(symbol: string) {
    return { venue: VENUE, symbol, venueSymbol: symbol, venueTime: Date.now(), receivedAt: Date.now() };
  }

  #emit(event: PrivateEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const INSTRUMENTS: readonly Instrument[] = SYMBOLS.map((symbol) => ({
  ...{ venue: VENUE, symbol, venueSymbol: symbol.replace('/', ''), kind: 'spot', status: 'open' },
  ...{ base: symbol.split('/')[0]!, quote: 'USDT', contractSize: decimal('1') },
  ...{ tickSize: decimal('0.01'), lotSize: decimal('0.001') },
}));

function instrumentOf(symbol: string): Instrument {
  const found = INSTRUMENTS.find((each) => each.symbol === symbol);
  if (!found) throw new SpeedError('not-found', `${VENUE} has no "${symbol}"`, { venue: VENUE });
  return found;
}

let sequence = 0;
const depthOf = (symbol: string) => ({
  ...{
    type: 'depth',
    kind: 'snapshot',
    venue: VENUE,
    symbol,
    venueSymbol: symbol,
    venueTime: Date.now(),
    receivedAt: Date.now(),
  },
  ...{ sequence: ++sequence, prevSequence: null },
  bids: levelsFromPairs([[BID, 1000]]),
  asks: levelsFromPairs([[ASK, 1000]]),
});
const quoteOf = (symbol: string) => ({
  ...{ type: 'quote', venue: VENUE, symbol, venueSymbol: symbol, venueTime: Date.now(), receivedAt: Date.now(), sequence: null },
  ...{ bid: BID, bidSize: 1000, ask: ASK, askSize: 1000 },
});

/** The same market again and again: prices are not what is tried here. */
async function subscribe<K extends FeedName>(feed: K, symbol: string, on: FeedListener<K>) {
  const say = () => on((feed === 'depth' ? depthOf(symbol) : quoteOf(symbol)) as never);
  const timer = setInterval(say, FEED_MS);
  say();
  let end = () => {};
  const closed = new Promise<void>((resolve) => {
    end = resolve;
  });
  const dispose = async () => {
    clearInterval(timer);
    end();
  };
  return { feed, symbol, state: 'live', closed, [Symbol.asyncDispose]: dispose };
}
