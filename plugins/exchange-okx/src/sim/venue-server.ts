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
import { PrivateSession } from './private/session.js';
import { RouteContext } from './rest/route.js';
import { RestServer } from './rest/server.js';
import { RollingLimit } from './rolling-limit.js';
import type { Door } from './streams/channels.js';
import { type Channels, Publisher } from './streams/publisher.js';
import { StreamSession } from './streams/session.js';
import { TradingDesk } from './trading/desk.js';
import { say, VenueError } from './venue-error.js';

const SOCKET_PATH = /^\/ws\/v5\/(public|business|private)$/;
const DEFAULT_ACCOUNT = 'default';
/** Dollars in every asset that an account starts with. */
const DEPOSIT = 10_000_000;
/** The venue knows no other end than these two: what is left of IOC and FOK is canceled. */
const ENDINGS = { expired: 'canceled' } as const;
/** Connections per second and address. */
const CONNECTIONS = 3;

/** The doors of the venue. */
export class OkxServer implements VenueServer {
  readonly deposits: Readonly<Record<string, string>>;
  readonly #host: DialectHost;
  readonly #desk: TradingDesk;
  readonly #rest: RestServer;
  readonly #publisher: Channels;
  readonly #feed: PrivateFeed;
  readonly #connections: RollingLimit;
  readonly #sessions = new Set<StreamSession>();

  /** @param publisher in place of the one that tells of the simulated markets */
  constructor(venue: Venue, host: DialectHost, publisher?: Channels) {
    this.#host = host;
    const factor = host.limits.weightFactor ?? 1;
    const context = new RouteContext(venue, host.faults(venue.id).skewMs);
    const faults = host.faults(venue.id);
    const races = (order: UserOrder) => faults.races(identityOf(order));
    const accounts = new Accounts(venue, { keys: host.random.fork('keys'), password: true, races, endings: ENDINGS });
    this.deposits = ampleDeposits(venue.listings);
    this.#desk = new TradingDesk(context, accounts);
    accounts.open(DEFAULT_ACCOUNT, this.deposits);
    this.#rest = new RestServer(context, this.#desk, factor);
    this.#feed = new PrivateFeed(this.#desk, (order, filled) => faults.silences(identityOf(order), filled));
    this.#publisher = publisher ?? new Publisher(context);
    this.#connections = new RollingLimit(1_000, factor);
  }

  get accounts(): Accounts {
    return this.#desk.accounts;
  }

  request(request: SimRequest): SimResponse {
    return this.#rest.request(request);
  }

  /** Only socket paths, and not too many connections. */
  admit({ path, remote }: SimRequest): SimResponse | undefined {
    if (!SOCKET_PATH.test(path)) return say.noPath().toResponse();
    try {
      this.#connections.take(remote, CONNECTIONS, this.#host.clock.now());
      return undefined;
    } catch (error) {
      return (error as VenueError).toResponse();
    }
  }

  connect(peer: Peer): PeerHandler {
    const door = SOCKET_PATH.exec(peer.path)?.[1] as Door | 'private';
    const session = new StreamSession(peer, {
      publisher: this.#publisher,
      own: new PrivateSession(peer, this.#desk, this.#feed),
      clock: this.#host.clock,
      // Clients with one address for everything send public traffic through the private door.
      door: door === 'private' ? 'any' : door,
    });
    this.#sessions.add(session);
    return {
      onMessage: (text) => session.onMessage(text),
      onPing: () => session.onPing(),
      onClose: () => {
        this.#sessions.delete(session);
        session.onClose();
      },
    };
  }

  endpoints(http: string, ws: string): VenueEndpoints {
    const at = (door: string) => `${ws}/ws/v5/${door}`;
    const { credentials } = this.accounts.get(DEFAULT_ACCOUNT)!;
    return { rest: { public: http }, ws: { public: at('public'), market: at('business'), private: at('private') }, credentials };
  }

  failure(status: number): SimResponse {
    if (status === 429 || status === 418) return say.tooMany().toResponse();
    if (status === 503) return new VenueError('50001', 'Service temporarily unavailable. Try again later.', 503).toResponse();
    return new VenueError('50026', 'System error. Try again later.', status).toResponse();
  }

  /** There are no listen keys here: whoever has logged in is cut. */
  expireKeys(): number {
    const loggedIn = [...this.#sessions].filter((session) => session.isLoggedIn);
    for (const session of loggedIn) session.terminate();
    return loggedIn.length;
  }

  announceShutdown(): void {
    for (const session of this.#sessions) session.announceShutdown();
  }
}

function identityOf({ account, symbol, id, clientId }: UserOrder): OrderIdentity {
  return { account, symbol, orderId: String(id), clientId };
}

/** About {@link DEPOSIT} dollars of every base, and of the currencies that they are traded for. */
function ampleDeposits(listings: readonly Listing[]): Record<string, string> {
  const deposits: Record<string, string> = { USDT: String(DEPOSIT), USDC: String(DEPOSIT) };
  for (const { kind, base, quote, price } of listings) {
    if (kind === 'spot' && quote === 'USDT') deposits[base] = String(Number((DEPOSIT / price).toPrecision(1)));
  }
  return deposits;
}
