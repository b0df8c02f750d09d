import {
  Accounts,
  type DialectHost,
  type Listing,
  type OrderIdentity,
  type Peer,
  type PeerHandler,
  type SimRequest,
  type SimResponse,
  type UserOrder,
  type Venue,
  type VenueEndpoints,
  type VenueServer,
} from '@speed-protocol/simulator';
import { PrivateFeed } from './private/feed.js';
import { RouteContext } from './rest/route.js';
import { RpcServer } from './rest/server.js';
import { Publisher } from './streams/publisher.js';
import { StreamSession } from './streams/session.js';
import { idOf } from './text.js';
import { Tokens } from './trading/authenticate.js';
import { TradingDesk } from './trading/desk.js';
import { say, VenueError } from './venue-error.js';

const SOCKET_PATH = '/ws/api/v2';
const DEFAULT_ACCOUNT = 'default';
/** Dollars in every asset that an account starts with. */
const DEPOSIT = 10_000_000;
/** Connections of one address at a time. */
const CONNECTIONS = 32;

/** The doors of the venue. */
export class DeribitServer implements VenueServer {
  readonly deposits: Readonly<Record<string, string>>;
  readonly #host: DialectHost;
  readonly #context: RouteContext;
  readonly #rpc: RpcServer;
  readonly #publisher: Publisher;
  readonly #feed: PrivateFeed;
  /** With the address that each came from. */
  readonly #sessions = new Map<StreamSession, string>();

  constructor(venue: Venue, host: DialectHost) {
    this.#host = host;
    const { weightFactor = 1, orderFactor = weightFactor } = host.limits;
    const faults = host.faults(venue.id);
    const races = (order: UserOrder) => faults.races(identityOf(order));
    const keys = host.random.fork('keys');
    const fees = { makerFee: '0', takerFee: '0.0005' };
    const idText = (symbol: string, id: number) => idOf(venue.market(symbol)!.listing, id);
    const accounts = new Accounts(venue, { keys, races, ...fees, keyLength: 43, sharedClientIds: true, idText });
    this.deposits = ampleDeposits(venue.listings);
    accounts.open(DEFAULT_ACCOUNT, this.deposits);
    const desk = new TradingDesk(accounts, (symbol) => venue.market(symbol)!);
    this.#context = new RouteContext(venue, desk, new Tokens(), faults.skewMs);
    this.#rpc = new RpcServer(this.#context, { weight: weightFactor, orders: orderFactor });
    this.#feed = new PrivateFeed(this.#context, (order, filled) => faults.silences(identityOf(order), filled));
    this.#publisher = new Publisher(this.#context);
  }

  get accounts(): Accounts {
    return this.#context.desk.accounts;
  }

  request(request: SimRequest): SimResponse {
    return this.#rpc.request(request);
  }

  /** Only the one path, and not too many connections. */
  admit({ path, remote }: SimRequest): SimResponse | undefined {
    if (path !== SOCKET_PATH) return { status: 404, body: this.#rpc.say(undefined, { error: say.noMethod() }) };
    const open = [...this.#sessions.values()].filter((address) => address === remote).length;
    return open >= CONNECTIONS * (this.#host.limits.weightFactor ?? 1) ? this.failure(429) : undefined;
  }

  connect(peer: Peer): PeerHandler {
    const { clock } = this.#host;
    const session = new StreamSession(peer, { rpc: this.#rpc, publisher: this.#publisher, feed: this.#feed, clock });
    this.#sessions.set(session, peer.remote);
    return {
      onMessage: (text) => session.onMessage(text),
      onClose: () => {
        this.#sessions.delete(session);
        session.onClose();
      },
    };
  }

  endpoints(http: string, ws: string): VenueEndpoints {
    const socket = ws + SOCKET_PATH;
    const { credentials } = this.accounts.get(DEFAULT_ACCOUNT)!;
    return { rest: { public: http }, ws: { public: socket, private: socket, trade: socket }, credentials };
  }

  failure(status: number): SimResponse {
    const error = status === 429 || status === 418 ? say.tooMany() : FAILURES[status === 503 ? 'away' : 'unknown'];
    return { status, body: this.#rpc.say(undefined, { error }) };
  }

  /** There are no listen keys here: whoever has logged in is cut. */
  expireKeys(): number {
    const loggedIn = [...this.#sessions.keys()].filter(({ account }) => account !== undefined);
    for (const session of loggedIn) session.terminate();
    return loggedIn.length;
  }
}

const FAILURES = {
  away: new VenueError(13028, 'temporarily_unavailable', undefined, 503),
  unknown: new VenueError(13503, 'unavailable', undefined, 500),
};

function identityOf({ account, symbol, id, clientId }: UserOrder): OrderIdentity {
  return { account, symbol, orderId: String(id), clientId };
}

/** About {@link DEPOSIT} dollars of every base, and of the dollars that they are traded for. */
function ampleDeposits(listings: readonly Listing[]): Record<string, string> {
  const deposits: Record<string, string> = { USDC: String(DEPOSIT) };
  for (const { base, price } of listings) deposits[base] ??= String(Number((DEPOSIT / price).toPrecision(1)));
  return deposits;
}
