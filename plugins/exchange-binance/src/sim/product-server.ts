import {
  Accounts,
  type DialectHost,
  type OrderIdentity,
  type Peer,
  type PeerHandler,
  type SimRequest,
  type SimResponse,
  type UserOrder,
  type VenueEndpoints,
  type VenueServer,
} from '@speed-protocol/simulator';
import { ListenKeys } from './private/listen-keys.js';
import { UserFeed } from './private/user-feed.js';
import type { Family } from './products.js';
import { RouteContext } from './rest/route.js';
import { RouteRunner } from './rest/runner.js';
import { RestServer } from './rest/server.js';
import { methodsOf } from './socket-api/methods.js';
import { type SocketApiOptions, SocketApiSession } from './socket-api/session.js';
import type { HeartbeatOptions } from './streams/heartbeat.js';
import { type Home, Publisher } from './streams/publisher.js';
import { StreamSession } from './streams/session.js';
import { ampleDeposits, TradingDesk } from './trading/desk.js';
import type { OrderCounts } from './trading/order-counts.js';
import { VenueError } from './venue-error.js';
import type { Budgets } from './weight-pool.js';

const DAY = 86_400_000;
const DEFAULT_ACCOUNT = 'default';

/** What the products of a pool share. */
export interface SharedLimits {
  readonly budgets: Budgets;
  readonly orders: OrderCounts;
  /** Grows as the products are made. */
  readonly desks: TradingDesk[];
}

/** WebSocket bases below the origin, as the venue's own documents name them. */
const WS_PATHS: Readonly<Record<Family, { public: string; market?: string; private: string }>> = {
  spot: { public: '', private: '/ws-api/v3' },
  linear: { public: '/public', market: '/market', private: '/private' },
  inverse: { public: '', private: '' },
};
/** Requests per second on an order socket are held by weight and order counts alone. */
const SOCKET_API_MESSAGES = Number.POSITIVE_INFINITY;

const STREAM_PATH = /\/(ws|stream)(\/.*)?$/;

/** The doors of one product. */
export class ProductServer implements VenueServer {
  readonly #home: Home;
  readonly #rest: RestServer;
  readonly #publisher: Publisher;
  readonly #host: DialectHost;
  readonly #budgets: Budgets;
  readonly #socketApi: SocketApiOptions;
  readonly #sessions = new Set<StreamSession | SocketApiSession>();
  readonly #desk: TradingDesk;

  constructor(home: Home, related: readonly Home[], shared: SharedLimits, host: DialectHost) {
    const { budgets } = shared;
    this.#home = home;
    this.#host = host;
    this.#budgets = budgets;
    const futures = related.filter(({ product }) => product.family !== 'spot').map(({ venue }) => venue);
    const context = new RouteContext(home.product, home.venue, futures, host.faults(home.venue.id).skewMs);
    this.#desk = openDesk(context, shared, host);
    const runner = new RouteRunner(context, budgets);
    this.#rest = new RestServer(context, runner);
    this.#socketApi = { context, runner, methods: methodsOf(home.product), heartbeat: this.#heartbeat(SOCKET_API_MESSAGES) };
    this.#publisher = new Publisher(home, related);
  }

  get accounts(): Accounts {
    return this.#desk.accounts;
  }

  get deposits(): Record<string, string> {
    return ampleDeposits(this.#home.venue.listings);
  }

  request(request: SimRequest): SimResponse {
    return this.#rest.request(request);
  }

  /** Only paths of sockets, and not too many connections. */
  admit({ path, remote }: SimRequest): SimResponse | undefined {
    const [ofSocketApi, weight] = this.#home.product.socketApi;
    const toSocketApi = path === ofSocketApi;
    if (!toSocketApi && !STREAM_PATH.test(path)) return new VenueError(0, 'Not found', 404).toResponse();
    try {
      this.#budgets.connections.take(remote, 1, this.#host.clock.now());
      if (toSocketApi) this.#budgets.weight.take(remote, weight, this.#host.clock.now());
      return undefined;
    } catch (error) {
      return (error as VenueError).toResponse();
    }
  }

  connect(peer: Peer): PeerHandler {
    const session = peer.path === this.#home.product.socketApi[0] ? this.#openSocketApi(peer) : this.#openStreams(peer);
    this.#sessions.add(session);
    return {
      onMessage: (text) => session.onMessage(text),
      onPing: () => session.onPing(),
      onPong: () => session.onPong(),
      onClose: () => {
        this.#sessions.delete(session);
        session.onClose();
      },
    };
  }

  #openSocketApi(peer: Peer): SocketApiSession {
    return new SocketApiSession(peer, this.#socketApi);
  }

  #openStreams(peer: Peer): StreamSession {
    const { product } = this.#home;
    return new StreamSession(peer, {
      product,
      publisher: this.#publisher,
      listenKeys: product.family === 'spot' ? undefined : this.#desk.listenKeys,
      heartbeat: this.#heartbeat(product.messagesPerSecond),
    });
  }

  #heartbeat(messagesPerSecond: number): HeartbeatOptions {
    const { limits, clock } = this.#host;
    const { pingMs, pongMs } = this.#home.product;
    return {
      clock,
      lifetimeMs: limits.socketLifetimeMs ?? DAY,
      pingMs: limits.pingIntervalMs ?? pingMs,
      pongMs: limits.pongTimeoutMs ?? pongMs,
      messagesPerSecond,
    };
  }

  endpoints(http: string, ws: string): VenueEndpoints {
    const { family, socketApi } = this.#home.product;
    const paths = Object.entries({ ...WS_PATHS[family], trade: socketApi[0] }).map(([name, path]) => [name, ws + path]);
    const { credentials } = this.#desk.accounts.get(DEFAULT_ACCOUNT)!;
    return { rest: { public: http }, ws: Object.fromEntries(paths) as VenueEndpoints['ws'], credentials };
  }

  failure(status: number, retryAfterSeconds: number): SimResponse {
    return failureOf(status, retryAfterSeconds).toResponse();
  }

  expireKeys(): number {
    const sockets = [...this.#sessions].filter((session) => session instanceof SocketApiSession);
    return this.#desk.listenKeys.expireAll() + sockets.reduce((sum, session) => sum + session.expire(), 0);
  }

  announceShutdown(): void {
    if (this.#home.product.family === 'spot') for (const session of this.#sessions) session.announceShutdown();
  }
}

/** The trading half of a product, with one account that has plenty of everything. */
function openDesk(context: RouteContext, { orders, desks }: SharedLimits, host: DialectHost): TradingDesk {
  const { product, venue } = context;
  const { makerFee, takerFee } = product;
  const faults = host.faults(venue.id);
  const races = (order: UserOrder) => faults.races(identityOf(order));
  const accounts = new Accounts(venue, {
    makerFee,
    takerFee,
    keys: host.random.fork('keys'),
    races,
    liquidationPrefix: 'autoclose-',
  });
  const desk = new TradingDesk(context, orders, accounts);
  context.desk = desk;
  context.relatives = desks;
  desks.push(desk);
  desk.feed = new UserFeed(desk, (order, filled) => faults.silences(identityOf(order), filled));
  desk.listenKeys = new ListenKeys({ feed: desk.feed, clock: host.clock, random: venue.random.fork('listen keys') });
  accounts.open(DEFAULT_ACCOUNT, ampleDeposits(venue.listings));
  return desk;
}

function identityOf({ account, symbol, id, clientId }: UserOrder): OrderIdentity {
  return { account, symbol, orderId: String(id), clientId };
}

function failureOf(status: number, retryAfterSeconds: number): VenueError {
  const headers = { 'retry-after': String(retryAfterSeconds) };
  if (status === 429) return new VenueError(-1003, 'Too many requests; please use the websocket for live updates.', 429, headers);
  if (status === 418) return new VenueError(-1003, 'Way too many requests; IP banned.', 418, headers);
  if (status === 503) return new VenueError(-1016, 'This service is no longer available.', 503);
  return new VenueError(-1000, 'An unknown error occurred while processing the request.', status);
}
