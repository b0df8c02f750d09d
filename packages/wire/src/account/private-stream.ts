import { type CallOptions, type ConnectionStatus, type ErrorKind, type PrivateEvent, SpeedError } from '@speed-protocol/core';
import type { VenueContext } from '../calls/api-socket.js';
import type { RestExchange } from '../exchange/rest-exchange.js';
import type { Row } from '../exchange/rows.js';
import { sleep } from '../rest/retry.js';

/** Between two tries of a first connection. */
const FIRST_RETRY_MS = 1_000;

/** What does not get better by trying again. */
const HOPELESS: ReadonlySet<ErrorKind> = new Set(['unauthorized', 'config', 'unsupported', 'aborted', 'invalid-request']);

/** What private events say of themselves, and how instruments are called. */
export interface PrivatePlace {
  readonly venue: string;
  readonly receivedAt: number;
  /** Unified symbol by the venue's id, or by the key that the exchange makes of it; `null` when it is not in the listing. */
  symbolOf(key: string): string | null;
}

/** A connection that brings private messages, whatever it takes to have one: an `ApiSocket` is one. */
export interface Upstream {
  open(signal: AbortSignal | undefined): Promise<void>;
  /** Drops it as broken; another follows. */
  cut(reason: string): void;
  status(): ConnectionStatus | undefined;
  close(): Promise<void>;
}

/** Who a connection speaks to. */
export interface UpstreamHost {
  event(message: Row, receivedAt: number): void;
  up(): void;
  down(reason: string): void;
}

export interface PrivateStreamSpec {
  readonly exchange: RestExchange;
  readonly context: VenueContext;
  /** Makes the connection; it opens nothing by itself. */
  connect(host: UpstreamHost): Upstream;
  /** Events of one message; none for what tells nothing. What it throws means that the message cannot be read. */
  events(message: Row, place: PrivatePlace): readonly PrivateEvent[];
  /** Why there will be no more on this connection; `undefined` when the message does not say so. */
  readonly endOf?: ((message: Row) => string | undefined) | undefined;
}

type Listener = { readonly on: (event: PrivateEvent) => void };

/** Private events of one account: one connection for all who listen, kept up until the last one leaves. */
export class PrivateStream {
  readonly #spec: PrivateStreamSpec;
  readonly #listeners = new Set<Listener>();
  #upstream: Upstream | undefined;

  constructor(spec: PrivateStreamSpec) {
    this.#spec = spec;
  }

  /**
   * Resolves when the stream is up, however long that takes.
   * @throws SpeedError when it never will be: bad credentials, nothing to connect to, aborted
   */
  async subscribe(on: (event: PrivateEvent) => void, { signal }: CallOptions): Promise<AsyncDisposable> {
    const listener = { on };
    this.#listeners.add(listener);
    try {
      this.#upstream ??= this.#connect();
      await this.#untilUp(this.#upstream, signal);
    } catch (error) {
      await this.#leave(listener);
      throw error;
    }
    return { [Symbol.asyncDispose]: () => this.#leave(listener) };
  }

  status(): ConnectionStatus | undefined {
    return this.#upstream?.status();
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#stop();
  }

  async #untilUp(upstream: Upstream, signal: AbortSignal | undefined): Promise<void> {
    const { clock, signal: own } = this.#spec.context;
    for (;;) {
      try {
        return await upstream.open(signal);
      } catch (error) {
        if (!SpeedError.is(error) || HOPELESS.has(error.kind) || signal?.aborted) throw error;
        await sleep(clock, FIRST_RETRY_MS, signal ?? own);
      }
    }
  }

  async #leave(listener: Listener): Promise<void> {
    if (this.#listeners.delete(listener) && this.#listeners.size === 0) await this.#stop();
  }

  async #stop(): Promise<void> {
    const upstream = this.#upstream;
    this.#upstream = undefined;
    await upstream?.close();
  }

  #connect(): Upstream {
    return this.#spec.connect({
      event: (message, receivedAt) => this.#hear(message, receivedAt),
      up: () => this.#tellState('up', 'connected'),
      down: (reason) => this.#tellState('down', reason),
    });
  }

  #hear(message: Row, receivedAt: number): void {
    const { exchange, context, events, endOf } = this.#spec;
    const end = endOf?.(message);
    if (end !== undefined) {
      this.#upstream?.cut(end);
      return;
    }
    const { venue, reference } = exchange;
    const symbolOf = (key: string) => reference.byVenueSymbol.get(key)?.symbol ?? null;
    try {
      for (const event of events(message, { venue, receivedAt, symbolOf })) this.#tell(event);
    } catch (error) {
      // What cannot be read may have been anything: whoever listens has to ask.
      context.logger.error({ venue, error }, 'a private message could not be read');
      this.#upstream?.cut('a message could not be read');
    }
  }

  #tellState(state: 'up' | 'down', reason: string): void {
    const { exchange, context } = this.#spec;
    this.#tell({ type: 'stream', venue: exchange.venue, state, reason, receivedAt: context.clock.now() });
  }

  #tell(event: PrivateEvent): void {
    for (const { on } of [...this.#listeners]) {
      try {
        on(event);
      } catch (error) {
        const { exchange, context } = this.#spec;
        context.logger.error({ venue: exchange.venue, error, type: event.type }, 'a listener to private events failed');
      }
    }
  }
}
