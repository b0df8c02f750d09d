import { AsyncLocalStorage } from 'node:async_hooks';
import { type ConnectionStatus, type PluginContext, SpeedError } from '@speed-protocol/core';
import { createTransport, type HttpTransport } from '@speed-protocol/wire';
import { type CcxtConfig, CREDENTIALS, hasCredentials } from './config.js';
import { direct, merged, requestOrigin } from './hosts.js';
import { KnownOrders } from './known-orders.js';
import { Pace } from './pace.js';
import type { CcxtClient, CcxtConstructor, CcxtExchange } from './types.js';

interface FetchParams {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** How far a call has got. */
export interface Journey {
  /** Something has left, or may have. */
  isSent: boolean;
  /** HTTP status of the newest answer. */
  status: number | undefined;
}

/** What has been sent on a connection. */
interface Line {
  waiting: number;
  /** ms; 0: never. */
  sentAt: number;
}

const NEW_LINE: Line = { waiting: 0, sentAt: 0 };

/** An exchange that has not objected for so long has acknowledged. */
export const SETTLED_MS = 1_000;

/** Our streams wait before they try again; and we know what a question about all symbols costs. */
const OURS = { ws: { backoff: { base: 0 } }, warnOnFetchOpenOrdersWithoutSymbol: false, maxRetriesOnFailure: 0 };

/** ccxt measures its timeouts by real time; ours ends every request long before. */
const NEVER_MS = 2 ** 31 - 1;

/**
 * The instances of ccxt behind one connector: one for market data with numbers as `Number`, and with credentials one for
 * orders with numbers as text, so that no digit of money is lost. Both send through one transport and one pace.
 */
export class Clients {
  readonly data: CcxtExchange;
  /** Absent without credentials. */
  readonly account: CcxtExchange | undefined;
  readonly orders = new KnownOrders();
  /** What has become of the call under way; ccxt's errors do not say. */
  readonly journeys = new AsyncLocalStorage<Journey>();
  /** When the newest message came, by connection. */
  readonly #lines = new WeakMap<CcxtClient, Line>();
  readonly #heard = new Map<string, number>();
  readonly #aborter = new AbortController();
  readonly #transport: HttpTransport;
  /** One for both: the exchange counts them together. */
  readonly #pace: Pace;
  #closing: Promise<void> | undefined;

  constructor(
    private readonly venue: string,
    private readonly Exchange: CcxtConstructor,
    private readonly context: PluginContext<CcxtConfig>,
  ) {
    const { clock, config } = context;
    this.#pace = new Pace(clock, this.signal);
    const allowedHosts = direct(new Exchange({}), config);
    this.#transport = createTransport({ clock, allowedHosts, signal: this.signal });
    this.data = this.#create(false);
    this.account = hasCredentials(config) ? this.#create(true) : undefined;
    context.signal.addEventListener('abort', () => void this.close(), { once: true, signal: this.signal });
  }

  /** Aborted when the connector is closed. */
  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  /**
   * There are connections, all are up, and nothing has been sent on them for a while: ccxt does not say what the exchange
   * has acknowledged.
   */
  isSettled(exchange: CcxtExchange): boolean {
    const sockets = socketsOf(exchange);
    const now = this.context.clock.now();
    const isQuiet = ({ waiting, sentAt }: Line) => waiting === 0 && now - sentAt >= SETTLED_MS;
    return sockets.length > 0 && sockets.every((each) => each.isConnected && isQuiet(this.#lines.get(each) ?? NEW_LINE));
  }

  /** When the newest message of an instance came, ms: what is told now came with it. */
  receivedAt(exchange: CcxtExchange): number {
    const times = socketsOf(exchange).map((client) => this.#heard.get(this.#keyOf(exchange, client)) ?? 0);
    return Math.max(0, ...times) || this.context.clock.now();
  }

  connections(): readonly ConnectionStatus[] {
    return [this.data, this.account].flatMap((exchange) =>
      exchange ? socketsOf(exchange).map((client) => this.#status(exchange, client)) : [],
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#aborter.abort();
    const open = [this.data, this.account].filter((each) => each !== undefined);
    await Promise.all(open.map((exchange) => exchange.close().catch(() => undefined)));
    await this.#transport[Symbol.asyncDispose]();
  }

  #create(signed: boolean): CcxtExchange {
    const { config, clock } = this.context;
    const exchange = new this.Exchange({ enableRateLimit: true, timeout: NEVER_MS, ...(signed && secretsOf(config)) });
    const assertHost = direct(exchange, config);
    exchange.options = merged(merged(exchange.options, OURS), config.options ?? {}) as Record<string, unknown>;
    if (signed) exchange.number = String;
    // Into the log, not onto somebody's standard output.
    exchange.log = (...parts) => this.context.logger.debug({ venue: this.venue, parts: parts.map(String) }, 'ccxt');
    exchange.milliseconds = () => Math.floor(clock.now());
    exchange.seconds = () => Math.floor(clock.now() / 1000);
    exchange.microseconds = () => Math.floor(clock.now() * 1000);
    exchange.throttle = (cost = 1) => this.#pace.take(cost * exchange.rateLimit);
    exchange.fetchImplementation = (url: string, params: FetchParams) => this.#fetch(url, params);
    this.#listen(exchange, assertHost);
    return exchange;
  }

  /** Connections go to the environment's hosts only, and what comes in is stamped before ccxt reads it. */
  #listen(exchange: CcxtExchange, assertHost: (url: string) => void): void {
    const client = exchange.client.bind(exchange);
    exchange.client = (url) => {
      // ccxt keeps things of its own under names that are no addresses.
      if (!URL.canParse(url)) return client(url);
      assertHost(url);
      return this.#tame(client(url), exchange);
    };
    const handle = exchange.handleMessage.bind(exchange);
    exchange.handleMessage = (from, message) => {
      this.#heard.set(this.#keyOf(exchange, from), this.context.clock.now());
      return handle(from, message);
    };
  }

  /**
   * ccxt's pace of sending goes by real time; and it drops the promise of a sending, so that one that fails would end the
   * process instead of the connection.
   */
  #tame(client: CcxtClient, exchange: CcxtExchange): CcxtClient {
    if (this.#lines.has(client)) return client;
    const line: Line = { waiting: 0, sentAt: 0 };
    const pace = new Pace(this.context.clock, this.signal);
    const send = client.send.bind(client);
    this.#lines.set(client, line);
    client.throttle = (cost = 1) => {
      line.waiting++;
      return pace.take(cost * exchange.rateLimit).finally(() => line.waiting--);
    };
    client.send = (message) => {
      line.sentAt = this.context.clock.now();
      const sent = send(message);
      sent.catch((error: unknown) => client.onError(error));
      return sent;
    };
    return client;
  }

  /** Sends once and follows no redirect. */
  async #fetch(address: string, { method, headers = {}, body }: FetchParams) {
    const url = new URL(address);
    const { pathname, search } = url;
    const origin = requestOrigin(url, this.context.config);
    const request = { method, origin, path: `${pathname}${search}`, headers: textual(headers), body };
    const journey = this.journeys.getStore();
    if (journey) journey.isSent = true;
    const answer = await this.#transport.send({ ...request, timeoutMs: this.context.config.timeoutMs });
    const { status, text } = answer;
    if (journey) journey.status = status;
    if (status === 429 || status === 418) this.#pace.pause(retryAfterMs(answer.header('retry-after')));
    if (status >= 300 && status < 400) {
      throw new SpeedError('protocol', `${origin}${pathname} answered with a redirect (${status}), which is not followed`);
    }
    return { status, statusText: String(status), headers: answer.headers, text: async () => text };
  }

  #status(exchange: CcxtExchange, client: CcxtClient): ConnectionStatus {
    const { host, pathname } = new URL(client.url);
    return {
      name: `${this.venue} ${host}${pathname}`,
      state: client.isConnected ? 'open' : 'connecting',
      topics: Object.keys(client.subscriptions).length,
      // ccxt does not count them.
      reconnects: 0,
      lastFrameAt: this.#heard.get(this.#keyOf(exchange, client)) ?? null,
    };
  }

  #keyOf(exchange: CcxtExchange, { url }: Pick<CcxtClient, 'url'>): string {
    return `${exchange === this.account ? 'account' : 'data'} ${url}`;
  }
}

function socketsOf({ clients }: CcxtExchange): readonly CcxtClient[] {
  return Object.values(clients ?? {}).filter(({ url }) => URL.canParse(url));
}

function secretsOf(config: CcxtConfig): Record<string, string> {
  const given = CREDENTIALS.flatMap((name) => {
    const value = config[name];
    return value === undefined ? [] : [[name, typeof value === 'string' ? value : value.reveal()] as const];
  });
  return Object.fromEntries(given);
}

/** ccxt leaves out what is undefined and gives numbers where it pleases. */
function textual(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(headers).filter(([name, value]) => value !== undefined && !HOP_BY_HOP.has(name.toLowerCase()));
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** The transport's business. */
const HOP_BY_HOP = new Set(['accept-encoding', 'content-length', 'connection', 'host']);

function retryAfterMs(header: string | undefined): number | undefined {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}
