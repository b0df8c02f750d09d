import { type Clock, type ConnectionStatus, type Logger, SpeedError } from '@speed-protocol/core';
import type { RestExchange } from '../exchange/rest-exchange.js';
import type { Row } from '../exchange/rows.js';
import type { ErrorTable } from '../rest/faults.js';
import { faultOf } from '../rest/faults.js';
import { type Ask, CallSocket, type CallSocketSpec, type SocketAnswer, type SocketCallOptions } from './call-socket.js';

/** What a request needs besides its parameters; known at the moment of sending. */
export interface Stamp {
  readonly id: string;
  /** The venue's clock, whole ms. */
  readonly timestamp: number;
}

/** What a message answers, taken apart. */
export interface ApiReply {
  /** As HTTP would say it; 200 when absent. */
  readonly status?: number | undefined;
  /** What the error table finds a refusal in. */
  readonly fault: unknown;
  /** What was asked for; `undefined` in a success is a fault of the venue's. */
  readonly result: unknown;
  /** What the venue counted, and how long to wait, by the header that would say it over REST. */
  readonly header?: ((name: string) => string | undefined) | undefined;
}

/** An answered call. */
export interface ApiResult {
  readonly body: unknown;
  readonly receivedAt: number;
  header(name: string): string | undefined;
}

export type WriteStamped<S = Stamp> = (stamp: S) => string;
/** @throws SpeedError of the kind that the error table gives */
export type AskStamped<S = Stamp> = (write: WriteStamped<S>) => Promise<ApiResult>;

/** What a login is good for, where it ends by itself. */
export interface Login<S extends Stamp> {
  readonly validMs: number;
  /** Says what keeps it, on the same connection; after a failure the connection is replaced. */
  renew(ask: AskStamped<S>): Promise<Login<S>>;
}

/** Of its time a login is used before it is renewed. */
const USED = 0.8;
/** Timers run no longer than 24 days; once a day is seldom enough. */
const LONGEST_MS = 86_400_000;

/** How requests and answers look on one of a venue's sockets. */
export interface ApiSocketSpec<S extends Stamp = Stamp>
  extends Pick<CallSocketSpec, 'url' | 'heartbeat' | 'pong' | 'answerTo' | 'maxAgeMs' | 'quick' | 'idOf'> {
  readonly errors: ErrorTable;
  /** Default: no limit; the gate's allowances are the limit. */
  readonly messagesPerSecond?: number | undefined;
  /** @param now ms since epoch */
  readonly replyOf: (message: Row, now: number) => ApiReply;
  /** Adds to the stamp what is the venue's own; absent: nothing is. */
  readonly stamp?: ((stamp: Stamp) => S) | undefined;
  /** Said first on a new connection; what ends by itself is renewed. */
  readonly logIn?: ((ask: AskStamped<S>) => Promise<Login<S> | void>) | undefined;
  /** Why a message means that the connection has to be replaced, the new one first; `undefined` when it does not. */
  readonly rotates?: ((message: Row) => string | undefined) | undefined;
}

/** What one use of such a socket adds. */
export interface ApiSocketUse<S extends Stamp = Stamp> {
  /** In logs and in `connections()`, e.g. `okx.orders`. */
  readonly name: string;
  /** How long a replaced connection still hears answers, ms; 0 where both would tell the same events. */
  readonly overlapMs: number;
  /** Said after the login. */
  readonly greet?: ((ask: AskStamped<S>) => Promise<void>) | undefined;
  readonly event?: ((message: Row, receivedAt: number) => void) | undefined;
  readonly up?: (() => void) | undefined;
  readonly down?: ((reason: string) => void) | undefined;
}

/** What the rooms take from a plugin's context. */
export interface VenueContext<C = { readonly timeoutMs: number }> {
  readonly config: C;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** A socket of an account: it logs in, stamps and reads requests, and minds clock and allowances as the REST client does. */
export class ApiSocket<S extends Stamp = Stamp> {
  readonly #calls: CallSocket;
  readonly #spec: ApiSocketSpec<S>;
  readonly #use: ApiSocketUse<S>;
  readonly #exchange: RestExchange;
  readonly #clock: Clock;
  /** On the connection that has logged in last. */
  #newest: AskStamped<S> | undefined;
  #cancelRenewal: () => void = () => {};
  #isClosed = false;

  constructor(spec: ApiSocketSpec<S>, use: ApiSocketUse<S>, exchange: RestExchange, context: VenueContext) {
    const { clock, logger, config } = context;
    this.#spec = spec;
    this.#use = use;
    this.#exchange = exchange;
    this.#clock = clock;
    const { url, heartbeat, pong, answerTo, maxAgeMs, quick, idOf, messagesPerSecond = Number.POSITIVE_INFINITY } = spec;
    const { name, overlapMs, up, down } = use;
    this.#calls = new CallSocket({
      ...{ url, heartbeat, pong, answerTo, maxAgeMs, quick, idOf, messagesPerSecond, name, overlapMs, up, down },
      venue: exchange.venue,
      timeoutMs: config.timeoutMs,
      clock,
      logger,
      greet: (ask) => this.#greet(ask),
      event: (message, receivedAt) => this.#event(message, receivedAt),
    });
  }

  get isUp(): boolean {
    return this.#calls.isUp;
  }

  get isWanted(): boolean {
    return this.#calls.isWanted;
  }

  open(signal?: AbortSignal): Promise<void> {
    return this.#calls.open(signal);
  }

  /**
   * Sends one request, once; after a wrong clock, which the venue has refused, once more by the right one.
   * @throws SpeedError of the kind that the error table gives; `outcomeKnown` says whether the venue may have acted
   */
  call(write: WriteStamped<S>, options: SocketCallOptions): Promise<ApiResult> {
    return this.#stamped((text) => this.#calls.call(text, options), write);
  }

  /** Ends the connection as a failure; a new one follows. */
  cut(reason: string): void {
    this.#calls.cut(reason);
  }

  status(): ConnectionStatus | undefined {
    return this.#calls.status();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#newest = undefined;
    this.#cancelRenewal();
    return this.#calls.close();
  }

  #stamped(ask: Ask, write: WriteStamped<S>): Promise<ApiResult> {
    const text = (id: string): string => write(this.#stamp(id));
    return ask(text).then((answer) => {
      const found = this.#read(answer);
      if (!SpeedError.is(found)) return found;
      if (found.kind !== 'clock-skew') throw found;
      return this.#again(ask, text);
    });
  }

  async #again(ask: Ask, text: (id: string) => string): Promise<ApiResult> {
    await this.#exchange.serverTime();
    const found = this.#read(await ask(text));
    if (SpeedError.is(found)) throw found;
    return found;
  }

  #stamp(id: string): S {
    const stamp = { id, timestamp: Math.floor(this.#exchange.venueNow()) };
    return this.#spec.stamp ? this.#spec.stamp(stamp) : (stamp as S);
  }

  async #greet(ask: Ask): Promise<void> {
    const stamped: AskStamped<S> = (write) => this.#stamped(ask, write);
    const login = await this.#spec.logIn?.(stamped);
    await this.#use.greet?.(stamped);
    if (this.#isClosed) return;
    this.#newest = stamped;
    if (login) this.#renewLater(login, stamped);
  }

  #renewLater(login: Login<S>, ask: AskStamped<S>): void {
    this.#cancelRenewal();
    this.#cancelRenewal = this.#clock.schedule(Math.min(USED * login.validMs, LONGEST_MS), () => void this.#renew(login, ask));
  }

  /** Only the newest connection's login matters. */
  async #renew(login: Login<S>, ask: AskStamped<S>): Promise<void> {
    try {
      const renewed = await login.renew(ask);
      if (this.#newest === ask) this.#renewLater(renewed, ask);
    } catch (error) {
      if (this.#newest === ask) this.cut(`the login could not be renewed: ${String(error)}`);
    }
  }

  #event(message: Row, receivedAt: number): void {
    const why = this.#spec.rotates?.(message);
    if (why !== undefined) this.#calls.rotate(why);
    this.#use.event?.(message, receivedAt);
  }

  /** What the answer holds, or the refusal that it is. */
  #read({ message, receivedAt }: SocketAnswer): ApiResult | SpeedError {
    const { status = 200, fault, result, header = noHeader } = this.#spec.replyOf(message, receivedAt);
    const { venue, client } = this.#exchange;
    const what = `${this.#use.name} socket`;
    const found = faultOf(this.#spec.errors, { status, header, body: fault, now: receivedAt }, venue, what);
    if (found?.error.kind === 'rate-limited') client.hold(found.error, found.row.bucket);
    if (found) return found.error;
    if (result !== undefined) return { body: result, receivedAt, header };
    return new SpeedError('protocol', `${what}: the answer has neither result nor error`, { venue });
  }
}

const noHeader = (): undefined => undefined;
