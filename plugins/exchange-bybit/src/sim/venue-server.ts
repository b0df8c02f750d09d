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
import { type AccountSessionParts, PrivateSession } from './private/session.js';
import { TradeSession } from './private/trade-session.js';
import { RouteContext } from './rest/route.js';
import { RestServer, refusal } from './rest/server.js';
import { RollingLimit } from './rolling-limit.js';
import { Publisher } from './streams/publisher.js';
import { MarketSession, type Session } from './streams/session.js';
import { CommandRoom } from './trading/commands.js';
import { TradingDesk } from './trading/desk.js';
import { say, VenueError } from './venue-error.js';

const DOOR = /^\/v5\/(?:public\/(spot|linear|inverse)|(private|trade))$/;
/** Connections of an address in five minutes. */
const CONNECTIONS = 500;
const CONNECTION_WINDOW_MS = 300_000;
const DEFAULT_ACCOUNT = 'default';
/** Dollars in every coin that an account starts with. */
const DEPOSIT = 10_000_000;
const KEY_LENGTH = 36;

/** The doors of the venue. */
export class BybitServer implements VenueServer {
  readonly deposits: Readonly<Record<string, string>>;
  readonly #host: DialectHost;
  readonly #context: RouteContext;
  readonly #desk: TradingDesk;
  readonly #rest: RestServer;
  readonly #publisher: Publisher;
  readonly #commands: CommandRoom;
  readonly #accountParts: AccountSessionParts;
  readonly #connections: RollingLimit;
  readonly #sessions = new Set<Session>();

  constructor(venue: Venue, host: DialectHost) {
    const { weightFactor = 1, orderFactor = weightFactor, banMs } = host.limits;
    const faults = host.faults(venue.id);
    this.#host = host;
    this.#context = new RouteContext(venue, faults.skewMs);
    const races = (order: UserOrder) => faults.races(identityOf(order));
    const fees = { makerFee: '0.0002', takerFee: '0.00055' };
    const accounts = new Accounts(venue, { keys: host.random.fork('keys'), keyLength: KEY_LENGTH, ...fees, races });
    this.deposits = ampleDeposits(venue.listings);
    accounts.open(DEFAULT_ACCOUNT, this.deposits);
    const desk = new TradingDesk(this.#context, accounts);
    this.#desk = desk;
    this.#commands = new CommandRoom(desk, new RollingLimit(1_000, orderFactor));
    this.#publisher = new Publisher(this.#context);
    const feed = new PrivateFeed(desk, (order, filled) => faults.silences(identityOf(order), filled));
    this.#accountParts = { clock: host.clock, desk, feed };
    this.#rest = new RestServer({
      ...{ context: this.#context, desk, commands: this.#commands, banMs },
      limits: new RollingLimit(1_000, weightFactor),
      limitFactor: weightFactor,
    });
    this.#connections = new RollingLimit(CONNECTION_WINDOW_MS, weightFactor);
  }

  get accounts(): Accounts {
    return this.#desk.accounts;
  }

  request(request: SimRequest): SimResponse {
    return this.#rest.request(request);
  }

  /** Only socket paths, and not too many connections. */
  admit({ path, remote }: SimRequest): SimResponse | undefined {
    const now = this.#context.now();
    if (!DOOR.test(path)) return refusal(say.noPath(), now);
    const { granted } = this.#connections.take(remote, CONNECTIONS, this.#host.clock.now());
    return granted === 1 ? undefined : refusal(say.blocked(), now);
  }

  connect(peer: Peer): PeerHandler {
    const session = this.#open(peer);
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
    const { credentials } = this.accounts.get(DEFAULT_ACCOUNT)!;
    const at = (door: string) => `${ws}/v5/${door}`;
    const streams = { public: at('public/linear'), private: at('private'), trade: at('trade') };
    return { rest: { public: http }, ws: streams, credentials };
  }

  failure(status: number): SimResponse {
    const words = status === 429 ? say.tooMany() : new VenueError(10016, 'Server error');
    return refusal(new VenueError(words.code, words.message, status), this.#context.now());
  }

  /** There are no listen keys here: whoever has logged in is cut. */
  expireKeys(): number {
    const loggedIn = [...this.#sessions].filter((session) => session.isLoggedIn);
    for (const session of loggedIn) session.terminate();
    return loggedIn.length;
  }

  /** There is no goodbye here, but the first book after a restart is number 1. */
  announceShutdown(): void {
    this.#context.numbers.restart();
  }

  #open(peer: Peer): Session {
    const [, category, door] = DOOR.exec(peer.path)!;
    if (category !== undefined) return new MarketSession(peer, this.#host.clock, this.#publisher, category);
    if (door === 'trade') return new TradeSession(peer, this.#accountParts, this.#commands);
    return new PrivateSession(peer, this.#accountParts);
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
