import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { SpeedError } from '@speed-protocol/core';
import { explain, type Host } from '@speed-protocol/host';
import { CLOSE } from '@speed-protocol/protocol';
import type { WebSocket } from 'ws';
import { checkBind } from './bind.js';
import { openBook } from './channels/book-source.js';
import { Books } from './channels/books.js';
import type { Sink } from './channels/channel.js';
import { openFeed } from './channels/feed-source.js';
import { ChannelHub } from './channels/hub.js';
import type { CommandContext } from './commands/context.js';
import { type ServerConfig, type ServerInput, serverSection } from './config.js';
import { createGate } from './http/gate.js';
import { createHttpServer, listen } from './http/listen.js';
import { answer, type RouteContext } from './http/routes.js';
import { loadStatic } from './http/static.js';
import { upgrader } from './http/upgrade.js';
import { Metrics } from './metrics.js';
import type { Recordings } from './recordings.js';
import { TickMailroom } from './socket/mailroom.js';
import { Session } from './socket/session.js';
import { readStatus, upstreams } from './status.js';
import { createTrading, type Trading } from './trading/trading.js';
import { type User, Users } from './trading/users.js';

/** A server that listens. */
export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** Of the page: `http://127.0.0.1:8765/`. */
  readonly url: string;
  /** Of the protocol: `ws://127.0.0.1:8765/`. */
  readonly webSocketUrl: string;
  readonly config: ServerConfig;
  /** Says goodbye to the clients and stops listening; the host stays. Twice is the same as once. */
  close(): Promise<void>;
}

/** What a server may be given besides its venues. The giver disposes of it, after the server. */
export interface ServerParts {
  /** Absent: commands on recordings are refused. */
  readonly recordings?: Recordings | undefined;
}

/** The dashboard's files are copied here by this package's build. */
const PUBLIC_DIRECTORY = fileURLToPath(new URL('../dist/public', import.meta.url));
/** Clients have this long to take leave, ms. */
const CLOSE_MS = 2000;

/**
 * Serves the host's venues on one port: the protocol over WebSocket, the page and metrics over HTTP.
 * @param options the `server` section of the configuration; what is missing has a default
 * @throws SpeedError `config`: port in use, a bind that is not safe, a wrong option
 */
export async function createServer(
  host: Host,
  options: NonNullable<ServerInput> | ServerConfig = {},
  parts: ServerParts = {},
): Promise<RunningServer> {
  const config = parse(options);
  checkBind(config);
  const users = new Users(config);
  const trading = createTrading(host, config, parts.recordings);
  await trading.accounts.prepare();
  const http = await createHttpServer(config);
  const files = await loadStatic(config.publicDirectory ?? PUBLIC_DIRECTORY);
  const port = await listen(http, config);
  const gateway = new Gateway(host, config, http, port, users, trading, parts);
  gateway.start(files);
  trading.accounts.start();
  if (users.anybody && trading.accounts.areLive)
    host.logger.warn(
      { port },
      'live accounts and no token: every program on this machine may trade; set server.token or server.users',
    );
  if (config.insecure) host.logger.warn({ host: config.host }, 'no TLS here: only a TLS proxy may reach this port');
  return gateway;
}

function parse(options: ServerInput | ServerConfig): ServerConfig {
  const result = serverSection.safeParse(options);
  if (result.success) return result.data;
  throw new SpeedError(
    'config',
    explain(result.error, serverSection)
      .map(({ message }) => `server: ${message}`)
      .join('\n'),
  );
}

class Gateway implements RunningServer {
  readonly #sessions = new Set<Session>();
  readonly #metrics: Metrics;
  readonly #mailroom: TickMailroom;
  readonly #hub: ChannelHub;
  readonly #books: Books;
  readonly #startedAt: number;
  #cancelCheck: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    private readonly host: Host,
    readonly config: ServerConfig,
    private readonly http: Server,
    readonly port: number,
    private readonly users: Users,
    private readonly trading: Trading,
    private readonly parts: ServerParts,
  ) {
    const { clock, connectors, logger } = host;
    this.#startedAt = clock.now();
    this.#books = new Books((venue) => connectors.get(venue), clock, config.bookMaxAgeMs);
    this.#metrics = new Metrics({
      clients: () => this.#sessions.size,
      channels: () => this.#hub.channels.map(({ spec, subscribers }) => ({ feed: spec.feed, subscribers: subscribers.size })),
      outbox: () => this.#mailroom.counters,
      accounts: () => trading.accounts.states,
      sessions: () => trading.streams.size,
      upstreams: () => upstreams(host),
    });
    this.#mailroom = new TickMailroom(
      config.limits.outboxBytes,
      () => clock.now(),
      (ms) => this.#metrics.onLatency(ms),
    );
    const onEvent = (feed: string, receivedAt: number) => {
      this.#metrics.onEvent(feed);
      this.#mailroom.time(receivedAt);
    };
    this.#hub = new ChannelHub((sink, signal) => this.#openSource(sink, signal), { onEvent }, logger);
  }

  get url(): string {
    return `${this.config.tls ? 'https' : 'http'}://${this.#authority}/`;
  }

  get webSocketUrl(): string {
    return `${this.config.tls ? 'wss' : 'ws'}://${this.#authority}/`;
  }

  start(files: RouteContext['files']): void {
    const { config, http } = this;
    const gate = createGate(config, this.port);
    const routes: RouteContext = {
      gate,
      files,
      metrics: this.#metrics,
      users: this.users,
      secure: config.tls !== undefined || config.insecure !== undefined,
      health: () => this.#health(),
    };
    http.on('request', (request, response) => {
      answer(routes, request, response).catch((error: unknown) => {
        this.host.logger.error({ err: error }, 'answering a request failed');
        response.destroy();
      });
    });
    http.on(
      'upgrade',
      upgrader({
        gate,
        limits: config.limits,
        users: this.users,
        clientCount: () => this.#sessions.size,
        onRefused: (reason) => this.#metrics.onRefused(reason),
        onClient: (socket, stream, user) => this.#accept(socket, stream, user),
      }),
    );
    this.#checkSessions();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #authority(): string {
    const { host } = this.config;
    return `${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  #openSource(sink: Sink, signal: AbortSignal) {
    const { clock, connectors, bus } = this.host;
    if (sink.spec.feed === 'book') return openBook(this.#books, clock, this.config.bookIntervalMs, sink, signal);
    return connectors.get(sink.spec.venue).then((connector) => openFeed(connector, bus, sink, signal));
  }

  #accept(socket: WebSocket, stream: Duplex, user: User | undefined): void {
    const { host, config } = this;
    const commands: CommandContext = {
      host,
      config,
      books: this.#books,
      trading: this.trading,
      recordings: this.parts.recordings,
      connect: (venue) => host.connectors.get(venue),
      status: () => readStatus(host, this.#hub, this.#metrics, this.#mailroom.counters, this.#sessions.size, this.#startedAt),
    };
    const session = new Session(
      socket,
      stream,
      {
        commands,
        hub: this.#hub,
        mailroom: this.#mailroom,
        metrics: this.#metrics,
        limits: config.limits,
        users: this.users,
        onClosed: (closed) => this.#sessions.delete(closed),
      },
      user,
    );
    this.#sessions.add(session);
    if (this.#closing) session.close(CLOSE.goingAway, 'the server stops');
  }

  #checkSessions(): void {
    this.#cancelCheck = this.host.clock.schedule(this.config.limits.pingMs, () => {
      for (const session of this.#sessions) session.check(this.host.clock.now());
      this.trading.streams.sweep();
      this.#checkSessions();
    });
  }

  #health() {
    const status = this.host.signal.aborted || this.#closing ? ('degraded' as const) : ('ok' as const);
    const uptimeMs = Math.round(this.host.clock.now() - this.#startedAt);
    return { status, uptimeMs, clients: this.#sessions.size, channels: this.#hub.channels.length };
  }

  /** Resolves, and ends what clients keep open, when they have had their time. */
  #deadline(): { promise: Promise<void>; cancel(): void } {
    let cancel!: () => void;
    const promise = new Promise<void>((resolve) => {
      cancel = this.host.clock.schedule(CLOSE_MS, () => {
        for (const session of this.#sessions) session.terminate();
        this.http.closeAllConnections();
        resolve();
      });
    });
    return { promise, cancel };
  }

  async #close(): Promise<void> {
    this.#cancelCheck?.();
    const stopped = new Promise<void>((resolve) => this.http.close(() => resolve()));
    for (const session of this.#sessions) session.close(CLOSE.goingAway, 'the server stops');
    const { promise: closed, cancel } = this.#deadline();
    this.http.closeIdleConnections();
    // A connector that does not let go must not keep the server from stopping.
    await Promise.race([
      Promise.all([this.#hub.close(), this.#books.close(), this.trading.accounts.close(), this.trading.inline.close()]),
      closed,
    ]);
    await stopped;
    this.trading.streams.close();
    cancel();
  }
}
