import { type Clock, SpeedError } from '@speed-protocol/core';
import type { Dispatcher, Pool } from 'undici';
import { assertAllowedHost } from './hosts.js';

/** One request, ready for the wire. */
interface HttpRequest {
  readonly method: string;
  /** e.g. `https://api.example.com`, without a path. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly timeoutMs: number;
  /** Has connections of its own: never waits for slow answers to others. */
  readonly urgent?: boolean | undefined;
  /** The caller's own; the transport's needs not be given again. */
  readonly signal?: AbortSignal | undefined;
}

/** The answer, whole; times are ms since epoch of our clock. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case names; a header that came several times is a list. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  header(name: string): string | undefined;
  readonly text: string;
  readonly sentAt: number;
  /** When the last byte had arrived, before any decoding. */
  readonly receivedAt: number;
}

export interface HttpTransport extends AsyncDisposable {
  /**
   * Sends once. Follows no redirect, never sends again.
   * @throws SpeedError `timeout`, `connection`, `aborted`, `protocol` (body too large, undecodable) with `outcomeKnown`
   * true only when it is certain that nothing was sent; `config` when the host is not on the allow-list
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

export interface TransportOptions {
  readonly clock: Clock;
  /** Hosts (`name` or `name:port`) that may be talked to, or a rule that throws on the others; before a connection is made. */
  readonly allowedHosts: readonly string[] | ((origin: string) => void);
  /** Largest body after decompression; default 64 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Aborts everything under way and to come. */
  readonly signal?: AbortSignal | undefined;
}

/** Per origin; as many again for what is urgent. */
export const CONNECTIONS = 8;
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** HTTP/1.1 over keep-alive pools, per origin one and one for what is urgent. undici is loaded at the first request. */
export function createTransport(options: TransportOptions): HttpTransport {
  return new UndiciTransport(options);
}

class UndiciTransport implements HttpTransport {
  readonly #pools = new Map<string, Promise<Pool>>();
  /** Those that are open, by origins that have been checked. */
  readonly #open = new Map<string, Pool>();
  /** Ended together when the transport is aborted: one listener for all costs less than one for each. */
  readonly #underWay = new Set<Exchange>();
  readonly #options: TransportOptions;
  readonly #onAbort = (): void => {
    for (const exchange of this.#underWay) exchange.abort();
  };
  #closed = false;

  constructor(options: TransportOptions) {
    this.#options = options;
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  send(request: HttpRequest): Promise<HttpAnswer> {
    const pool = this.#open.get(poolOf(request));
    return pool ? this.#dispatch(request, pool) : this.#connect(request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    const pools = await Promise.all(this.#pools.values());
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  async #connect(request: HttpRequest): Promise<HttpAnswer> {
    const { allowedHosts } = this.#options;
    if (typeof allowedHosts === 'function') allowedHosts(request.origin);
    else assertAllowedHost(request.origin, allowedHosts);
    const pool = await this.#pool(request);
    this.#open.set(poolOf(request), pool);
    return this.#dispatch(request, pool);
  }

  #dispatch(request: HttpRequest, pool: Pool): Promise<HttpAnswer> {
    const { signal, clock, maxBodyBytes } = this.#options;
    if (this.#closed || signal?.aborted || request.signal?.aborted) {
      return Promise.reject(unsent('aborted', 'aborted before the request was sent'));
    }
    return new Exchange(request, clock, maxBodyBytes ?? MAX_BODY_BYTES, this.#underWay).run(pool);
  }

  #pool(request: HttpRequest): Promise<Pool> {
    if (this.#closed) throw unsent('aborted', 'this client is closed');
    const name = poolOf(request);
    const pool = this.#pools.get(name) ?? openPool(request.origin);
    this.#pools.set(name, pool);
    return pool;
  }
}

function poolOf({ origin, urgent }: HttpRequest): string {
  return urgent ? `urgent ${origin}` : origin;
}

/** With what is sent besides; made once for headers that stay the same object. */
const completed = new WeakMap<object, Readonly<Record<string, string>>>();

function complete(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const known = completed.get(headers);
  if (known) return known;
  const whole = { ...headers, 'accept-encoding': 'gzip' };
  completed.set(headers, whole);
  return whole;
}

/** Timeouts of undici are off: time is the clock's business, and one deadline covers the whole exchange. */
async function openPool(origin: string): Promise<Pool> {
  const { Pool } = await import('undici');
  return new Pool(origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
    connectTimeout: 10_000,
  });
}

/** One request and its answer. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #underWay: Set<Exchange>;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: Readonly<Record<string, string | string[] | undefined>> = {};
  #started = false;
  #controller: Dispatcher.DispatchController | undefined;
  #failure: SpeedError | undefined;
  #sentAt = 0;
  #release: () => void = () => {};
  #resolve!: (answer: HttpAnswer | PromiseLike<HttpAnswer>) => void;
  #reject!: (error: SpeedError) => void;

  constructor(request: HttpRequest, clock: Clock, maxBytes: number, underWay: Set<Exchange>) {
    this.#request = request;
    this.#clock = clock;
    this.#maxBytes = maxBytes;
    this.#underWay = underWay;
  }

  abort(): void {
    this.#fail('aborted', 'aborted by the caller');
  }

  run(pool: Pool): Promise<HttpAnswer> {
    const { method, path, headers, body, timeoutMs, signal } = this.#request;
    const onAbort = (): void => this.abort();
    const stopTimer = this.#clock.schedule(timeoutMs, () => this.#fail('timeout', `no complete answer within ${timeoutMs} ms`));
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#underWay.add(this);
    this.#release = () => {
      stopTimer();
      this.#underWay.delete(this);
      signal?.removeEventListener('abort', onAbort);
    };
    this.#sentAt = this.#clock.now();
    return new Promise<HttpAnswer>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      pool.dispatch(
        { method: method as Dispatcher.HttpMethod, path, headers: complete(headers), body: body === '' ? null : (body ?? null) },
        this,
      );
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure) controller.abort(this.#failure);
    else this.#started = true;
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#fail('protocol', `the body is larger than ${this.#maxBytes} bytes`);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#failure) return;
    this.#release();
    this.#resolve(this.#answer(this.#clock.now()));
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail('connection', describe(error), error);
  }

  /** Ends the exchange; the first reason counts. Nothing was sent when the request never got onto a connection. */
  #fail(kind: 'aborted' | 'timeout' | 'connection' | 'protocol', why: string, cause?: Error): void {
    if (this.#failure) return;
    this.#release();
    const text = this.#started ? why : `${why}; nothing was sent`;
    this.#failure = new SpeedError(kind, text, { cause, outcomeKnown: !this.#started });
    this.#reject(this.#failure);
    this.#controller?.abort(this.#failure);
  }

  #answer(receivedAt: number): HttpAnswer | Promise<HttpAnswer> {
    const headers = this.#headers;
    const header = (name: string): string | undefined => {
      const found = headers[name];
      return Array.isArray(found) ? found[0] : found;
    };
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    const encoding = header('content-encoding');
    const make = (plain: Buffer): HttpAnswer => {
      return { status: this.#status, headers, header, text: plain.toString('utf8'), sentAt: this.#sentAt, receivedAt };
    };
    if (encoding === undefined || encoding === 'identity') return make(bytes);
    return decompress(bytes, encoding, this.#maxBytes).then(make);
  }
}

async function decompress(bytes: Buffer, encoding: string, maxOutputLength: number): Promise<Buffer> {
  if (encoding !== 'gzip')
    throw new SpeedError('protocol', `the body came with content-encoding "${encoding}", which was not asked for`);
  const { gunzip } = await import('node:zlib');
  return new Promise((resolve, reject) => {
    gunzip(bytes, { maxOutputLength }, (cause, text) =>
      cause ? reject(new SpeedError('protocol', `the gzip body cannot be unpacked: ${cause.message}`, { cause })) : resolve(text),
    );
  });
}

function unsent(kind: 'aborted' | 'connection', message: string): SpeedError {
  return new SpeedError(kind, `${message}; nothing was sent`, { outcomeKnown: true });
}

function describe(error: Error & { code?: string }): string {
  return error.code === undefined ? error.message : `${error.message} (${error.code})`;
}
