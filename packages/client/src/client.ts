import { BatchQueue, SpeedError } from '@speed-protocol/core';
import {
  type AccountView,
  type ChannelSpec,
  type CommandName,
  type CommandParams,
  type CommandResult,
  channelName,
  DEFAULT_HOST,
  DEFAULT_PORT,
  FEED_POLICY,
  type FeedMessages,
  type GapMessage,
  type PushedEvent,
  type ServerFeed,
} from '@speed-protocol/protocol';
import { openSocket } from '#socket';
import { ClientAccount, type FollowSettings } from './account.js';
import { AccountEvents, type AccountListener } from './account-events.js';
import type { BackoffOptions } from './backoff.js';
import { abortError, Calls } from './calls.js';
import { Connection, type ConnectionState } from './connection.js';
import { deferred, overflowGap, parse, type ServerObject, throwLater } from './helpers.js';
import type { OpenSocket } from './socket.js';
import { type ChannelListener, type ClientSubscription, type Listening, Subscriptions } from './subscriptions.js';

export interface ClientOptions {
  /** Access token, where the server wants one. */
  readonly token?: string | undefined;
  /** Closes the client. */
  readonly signal?: AbortSignal | undefined;
  /** Waits between attempts; `false`: the first cut closes the client. */
  readonly reconnect?: BackoffOptions | false | undefined;
  /** ms until a command without an answer fails; default 15 000. */
  readonly timeoutMs?: number | undefined;
  /** ms between checks that the server still answers; default 15 000. */
  readonly heartbeatMs?: number | undefined;
  readonly onState?: ((state: ConnectionState, error?: SpeedError) => void) | undefined;
  /** What listeners throw; default: thrown again outside of the loop, as an uncaught error. */
  readonly onListenerError?: ((error: unknown) => void) | undefined;
  readonly openSocket?: OpenSocket | undefined;
}

export interface CallSettings {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface EventSettings {
  readonly signal?: AbortSignal | undefined;
  /** Default: by feed; books and tickers conflate, trades and depth are lossless. */
  readonly policy?: 'conflate' | 'lossless' | undefined;
  /** Unread events at most; default 1024. */
  readonly capacity?: number | undefined;
}

/** After these answers a subscription is not tried again. */
const PERMANENT: ReadonlySet<string> = new Set(['invalid-request', 'not-found', 'unsupported', 'unauthorized', 'config']);
/** ms between attempts to subscribe again while a venue is unreachable. */
const RETRY_MS = 1000;

type SpecOf<K extends ServerFeed> = ChannelSpec & { readonly feed: K };

/** A client of one SPEED server. It connects at once and again after every cut, and subscribes again by itself. */
export class SpeedClient implements AsyncDisposable {
  readonly #calls = new Calls();
  readonly #subscriptions: Subscriptions;
  readonly #accountEvents: AccountEvents;
  readonly #connection: Connection;
  readonly #options: ClientOptions;
  readonly #waiters = new Set<() => void>();
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  readonly #onAbort = () => this.#connection.close(new SpeedError('aborted', 'The client was aborted by its signal'));

  constructor(url = `ws://${DEFAULT_HOST}:${DEFAULT_PORT}`, options: ClientOptions = {}) {
    this.#options = options;
    const onListenerError = options.onListenerError ?? throwLater;
    this.#subscriptions = new Subscriptions(onListenerError);
    this.#accountEvents = new AccountEvents(onListenerError, () => this.#connection.cut('an account event is missing'));
    this.#connection = new Connection(url, options.openSocket ?? openSocket, options.reconnect ?? {}, {
      onSocket: () => this.#onSocket(),
      onMessage: (text) => this.#onMessage(text),
      onCut: (error) => this.#onCut(error),
      onState: (state, error) => this.#onState(state, error),
    });
    if (options.signal?.aborted) this.#onAbort();
    else options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get url(): string {
    return this.#connection.url;
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /**
   * Runs one command; waits for the connection first.
   * @throws SpeedError as the server answered; `timeout`; `aborted`; `connection` when it was cut before the answer
   */
  async call<C extends CommandName>(
    command: C,
    ...[params, settings]: Record<never, never> extends CommandParams<C>
      ? [params?: CommandParams<C>, settings?: CallSettings]
      : [params: CommandParams<C>, settings?: CallSettings]
  ): Promise<CommandResult<C>> {
    const signal = this.#deadline(settings);
    await this.#opened(command, signal);
    return this.#calls.run(this.#connection.send, command, params ?? ({} as CommandParams<C>), signal);
  }

  /**
   * Calls `on` for every event of one channel, from now on and after every reconnect. After a cut, books come as
   * `stale` and other feeds get a `gap`.
   * @throws SpeedError when the server refuses: unknown venue, symbol, feed or option
   */
  async subscribe<K extends ServerFeed>(
    spec: SpecOf<K>,
    on: ChannelListener<K>,
    settings: CallSettings = {},
  ): Promise<ClientSubscription> {
    const { promise: closed, resolve, reject } = deferred();
    const end = (error?: SpeedError) => (error ? reject(error) : resolve());
    const listening: Listening = { spec, listener: on as (event: PushedEvent) => void, end };
    await this.#start(listening, this.#deadline(settings));
    return { channel: channelName(spec), closed, [Symbol.asyncDispose]: () => this.#stop(listening) };
  }

  /** An account of the server, by its name there. Nothing is sent yet. */
  account(name: string): ClientAccount {
    return new ClientAccount(this, name);
  }

  /** The accounts that this client's user may use. */
  async accounts(settings?: CallSettings): Promise<AccountView[]> {
    return (await this.call('accounts', {}, settings)).accounts;
  }

  /**
   * Calls `on` for every event of the user's accounts: numbered, each once, over every reconnect. `relist` comes first,
   * and whenever something may have been missed.
   */
  async onAccounts(on: AccountListener, { follow = 'all', ...settings }: FollowSettings = {}): Promise<AsyncDisposable> {
    const isLate = this.#accountEvents.hasBegun;
    this.#accountEvents.add(on);
    try {
      await this.#accountEvents.ensure(follow, (params) => this.call('resume', params, settings));
    } catch (error) {
      this.#accountEvents.remove(on);
      throw error;
    }
    if (isLate) on({ type: 'relist', reason: 'new' });
    return { [Symbol.asyncDispose]: async () => this.#accountEvents.remove(on) };
  }

  /** Makes the orders that this client places its own, so that they are told of after a reconnect as well. */
  followOwn(settings?: CallSettings): Promise<void> {
    return this.#accountEvents.ensure('own', (params) => this.call('resume', params, settings));
  }

  /** The events of one channel in batches: each step gives everything that came since the last one. */
  async *events<K extends ServerFeed>(
    spec: SpecOf<K>,
    { policy = FEED_POLICY[spec.feed], capacity, signal }: EventSettings = {},
  ): AsyncGenerator<(FeedMessages[K] | GapMessage)[], void> {
    type Message = FeedMessages[K] | GapMessage;
    const queue = new BatchQueue<Message>({ policy, capacity, signal, gap: (_, last) => overflowGap(spec.feed, last) });
    const subscription = await this.subscribe(spec, (event) => queue.push(event), { signal });
    subscription.closed.then(
      () => queue.end(),
      (error: unknown) => queue.end(error),
    );
    try {
      yield* queue;
    } finally {
      await subscription[Symbol.asyncDispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
  }

  async #start(listening: Listening, signal: AbortSignal): Promise<void> {
    await this.#opened('subscribe', signal);
    // Registered before the command leaves: events may follow its reply at once. A reconnect sends it again.
    this.#subscriptions.add(listening);
    try {
      await this.#runSubscribe(listening.spec, signal);
    } catch (error) {
      if (SpeedError.is(error, 'connection') && this.state !== 'closed') return this.#opened('subscribe', signal);
      await this.#stop(listening);
      throw error;
    }
  }

  #runSubscribe(spec: ChannelSpec, signal: AbortSignal): Promise<unknown> {
    return this.#calls.run(this.#connection.send, 'subscribe', spec as CommandParams<'subscribe'>, signal);
  }

  async #stop(listening: Listening): Promise<void> {
    const last = this.#subscriptions.remove(listening);
    listening.end();
    if (!last || this.state !== 'open') return;
    // The answer changes nothing: when it fails, the connection is gone and the subscription with it.
    await this.call('unsubscribe', { channel: channelName(listening.spec) }).catch(() => undefined);
  }

  async #onSocket(): Promise<void> {
    const { token } = this.#options;
    if (token !== undefined) await this.#calls.run(this.#connection.send, 'auth', { token }, this.#deadline());
    if (this.#accountEvents.hasBegun) {
      const resume = (params: CommandParams<'resume'>) =>
        this.#calls.run(this.#connection.send, 'resume', params, this.#deadline());
      await this.#accountEvents.begin(resume);
    }
    for (const spec of this.#subscriptions.specs) this.#resubscribe(spec);
  }

  #resubscribe(spec: ChannelSpec): void {
    this.#runSubscribe(spec, this.#deadline()).catch((error: unknown) => {
      if (!SpeedError.is(error) || PERMANENT.has(error.kind)) this.#subscriptions.fail(spec, error as SpeedError);
      else if (this.state === 'open') setTimeout(() => this.#retry(spec), error.retryAfterMs ?? RETRY_MS);
    });
  }

  /** The server is there, but the venue is not, or we asked too fast. */
  #retry(spec: ChannelSpec): void {
    if (this.state === 'open' && this.#subscriptions.has(spec)) this.#resubscribe(spec);
  }

  #onMessage(text: string): void {
    const message = parse(text);
    if (message === undefined) this.#connection.cut('the server sent something that is not the protocol');
    else if (Array.isArray(message)) for (const each of message) this.#dispatch(each);
    else this.#dispatch(message);
  }

  #dispatch(message: ServerObject): void {
    if ('channel' in message) this.#subscriptions.onEvent(message);
    else if ('seq' in message) this.#accountEvents.onEvent(message);
    else this.#calls.onReply(message);
  }

  #onCut(error: SpeedError): void {
    clearInterval(this.#heartbeat);
    this.#calls.failAll(error);
    this.#subscriptions.onCut();
  }

  #onState(state: ConnectionState, error?: SpeedError): void {
    if (state === 'open') this.#startHeartbeat();
    if (state === 'closed') {
      this.#options.signal?.removeEventListener('abort', this.#onAbort);
      this.#subscriptions.close(error);
    }
    this.#options.onState?.(state, error);
    if (state === 'open' || state === 'closed') for (const wake of [...this.#waiters]) wake();
  }

  #startHeartbeat(): void {
    const { heartbeatMs = 15_000 } = this.#options;
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => {
      this.call('ping', {}, { timeoutMs: heartbeatMs }).catch(() => this.#connection.cut('the server does not answer'));
    }, heartbeatMs);
  }

  /** Resolves when the connection is open. */
  async #opened(what: string, signal: AbortSignal): Promise<void> {
    while (this.state !== 'open') {
      if (this.state === 'closed') {
        throw this.#connection.lastError ?? new SpeedError('aborted', 'The client is closed', { outcomeKnown: true });
      }
      await this.#wakeUp(signal);
      if (signal.aborted && this.#connection.lastError) throw this.#connection.lastError;
      if (signal.aborted) throw abortError(what, signal);
    }
  }

  async #wakeUp(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = deferred();
    this.#waiters.add(resolve);
    signal.addEventListener('abort', resolve, { once: true });
    if (signal.aborted) resolve();
    await promise;
    this.#waiters.delete(resolve);
    signal.removeEventListener('abort', resolve);
  }

  #deadline({ signal, timeoutMs = this.#options.timeoutMs ?? 15_000 }: CallSettings = {}): AbortSignal {
    const timeout = AbortSignal.timeout(timeoutMs);
    return signal ? AbortSignal.any([signal, timeout]) : timeout;
  }
}

/** Connects to a SPEED server; the same as `new SpeedClient(url, options)`. */
export function connect(url?: string, options?: ClientOptions): SpeedClient {
  return new SpeedClient(url, options);
}
