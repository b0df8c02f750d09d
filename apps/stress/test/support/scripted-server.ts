import type { ClientSocket, OpenSocket, SocketHandlers } from '@speed-protocol/client';
import type { CommandName, ErrorShape, OrderView } from '@speed-protocol/protocol';

type Params = Record<string, string>;

const ACCOUNT = {
  account: 'one',
  venue: 'binance',
  environment: 'sim',
  state: 'ready',
  reason: null,
  killed: false,
  mayTrade: true,
};
const INSTRUMENT = {
  ...{ venue: 'binance', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', kind: 'spot', status: 'open', base: 'BTC', quote: 'USDT' },
  ...{ contractSize: '1', tickSize: '0.01', lotSize: '0.00001', minNotional: '5' },
};

/** What a test lets happen to one order: answers and events, in any order or not at all. */
export interface Fate {
  readonly order: OrderView;
  readonly peer: Peer;
  answer(status: OrderView['status'], reason?: string): void;
  refuse(error: ErrorShape): void;
  tell(status: OrderView['status'], reason?: string): void;
  /** On record, whatever is told. */
  record(status: OrderView['status']): void;
}

/** The protocol's side of a server, in memory; what becomes of orders is the test's to say. */
export class ScriptedServer {
  readonly orders: OrderView[] = [];
  readonly peers: Peer[] = [];
  account: Partial<typeof ACCOUNT> = {};
  onPlace: (fate: Fate) => void = (fate) => {
    fate.answer('OPEN');
    fate.tell('FILLED');
  };
  onCancel: (fate: Fate) => void = (fate) => fate.tell('CANCELED');
  /** What a connection beyond the first (which is the run's own) is refused with. */
  refuseClients: string | undefined;
  /** Sessions that were begun, by id. */
  readonly sessions = new Map<string, Peer>();
  resumable = true;

  readonly openSocket: OpenSocket = (_url, handlers) => new Peer(this, handlers);
}

/** One connection of a client. */
export class Peer implements ClientSocket {
  readonly bufferedAmount = 0;
  session = '';
  seq = 0;
  #isOpen = true;

  constructor(
    private readonly server: ScriptedServer,
    private readonly handlers: SocketHandlers,
  ) {
    const isRefused = server.peers.push(this) > 1 && server.refuseClients !== undefined;
    queueMicrotask(() => (isRefused ? handlers.onClose(1008, server.refuseClients!) : handlers.onOpen()));
  }

  send(text: string): void {
    const { id, command, params } = JSON.parse(text) as { id: number; command: CommandName; params: Params };
    const handler = this.#handlers[command];
    if (!handler) throw new Error(`nobody said what to answer to ${command}`);
    const result = handler(params, id);
    if (result !== undefined) this.#reply(id, { ok: true, result });
  }

  close(): void {
    this.#isOpen = false;
  }

  /** The connection is gone. */
  cut(): void {
    this.#isOpen = false;
    queueMicrotask(() => this.handlers.onClose(1006, 'cut'));
  }

  push(message: object): void {
    queueMicrotask(() => {
      if (this.#isOpen) this.handlers.onMessage(JSON.stringify(message));
    });
  }

  #reply(id: number, body: object): void {
    this.push({ id, ...body });
  }

  readonly #handlers: Readonly<Partial<Record<CommandName, (params: Params, id: number) => unknown>>> = {
    accounts: () => ({ user: 'me', accounts: [{ ...ACCOUNT, ...this.server.account }] }),
    balances: () => ({ balances: [] }),
    instruments: () => ({ instruments: [INSTRUMENT], total: 1 }),
    book: () => ({ bids: [[100, 1]], asks: [[101, 1]] }),
    resume: ({ session }) => this.#resume(session),
    place: (params, id) => this.#place(params, id),
    cancel: (params, id) => this.#cancel(params['clientOrderId']!, id),
    order: ({ clientOrderId }) => ({ order: this.#find(clientOrderId!), fills: [] }),
    orders: () => ({ orders: this.server.orders, total: this.server.orders.length }),
  };

  #resume(session: string | undefined) {
    const known = this.server.sessions.get(session ?? '');
    this.session = known && this.server.resumable ? session! : `session${this.server.sessions.size}`;
    const reason = this.session === session ? null : session === undefined ? 'new' : 'server-restarted';
    this.seq = reason === null ? known!.seq : 0;
    this.server.sessions.set(this.session, this);
    return { session: this.session, seq: this.seq, resumed: reason === null, reason, accounts: [] };
  }

  #place(params: Params, id: number): undefined {
    const { orders } = this.server;
    const order = {
      ...params,
      venue: 'binance',
      clientOrderId: `c${orders.length}`,
      status: 'PENDING',
      filled: '0',
      reason: null,
    };
    orders.push({ ...order, createdAt: 0, fillsComplete: true } as never);
    this.server.onPlace(this.#fate(orders.at(-1)!, id, (result) => ({ order: result })));
  }

  #cancel(clientOrderId: string, id: number): undefined {
    const fate = this.#fate(this.#find(clientOrderId), id, (order) => ({ outcome: { status: 'accepted' }, order }));
    this.server.onCancel(fate);
    fate.answer(this.#find(clientOrderId).status);
  }

  #fate(order: OrderView, id: number, result: (order: OrderView) => unknown): Fate {
    const change = (status: OrderView['status'], reason: string | null = null) => Object.assign(order, { status, reason });
    return {
      order,
      peer: this,
      answer: (status, reason) => this.#reply(id, { ok: true, result: result({ ...change(status, reason) }) }),
      refuse: (error) => this.#reply(id, { ok: false, error }),
      // Events go to whichever connection the session has by then.
      tell: (status, reason) => {
        const to = this.server.sessions.get(this.session)!;
        to.push({ type: 'order', seq: ++to.seq, account: 'one', order: { ...change(status, reason) } });
      },
      record: (status) => void change(status),
    };
  }

  #find(clientOrderId: string): OrderView {
    return this.server.orders.find((order) => order.clientOrderId === clientOrderId)!;
  }
}
