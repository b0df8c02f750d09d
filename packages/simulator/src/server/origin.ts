import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, SpeedError } from '@speed-protocol/core';
import type { WebSocket } from 'ws';
import type { SimRequest, SimResponse, VenueServer } from './exchange.js';
import { SocketPeer } from './socket-peer.js';
import type { AnswerFate, AnswerFaults, RequestFate, RequestFaults, SocketFaults } from './wire-faults.js';

export const LOOPBACK = '127.0.0.1';
const MAX_BODY = 1024 * 1024;
const MAX_MESSAGE = 64 * 1024;
const NO_FATE: AnswerFate = {};

/** How far the clock of a venue is off. */
interface Skews {
  of(venue: string): { skewMs(): number };
}

export interface OriginOptions {
  readonly venue: string;
  readonly server: VenueServer;
  /** 0 = any free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly faults: SocketFaults & RequestFaults & { readonly orders: AnswerFaults & Skews };
  /** Brings the simulation's clock to the present; called before anything is answered. */
  readonly catchUp: () => void;
  readonly nextPeerId: () => number;
}

/** One venue's origin on loopback: its REST and its WebSockets on one port. */
export class Origin {
  readonly venue: string;
  readonly peers = new Set<SocketPeer>();
  readonly #options: OriginOptions;
  readonly #http: Server;
  /** Every TCP connection: the HTTP server forgets those that asked for an upgrade, whatever became of it. */
  readonly #sockets = new Set<Duplex>();
  #accept!: (request: IncomingMessage, socket: Duplex, head: Buffer, done: (ws: WebSocket) => void) => void;

  private constructor(options: OriginOptions) {
    this.#options = options;
    this.venue = options.venue;
    this.#http = createServer((request, response) => void this.#serve(request, response));
    this.#http.keepAliveTimeout = 30_000;
    this.#http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** @throws SpeedError `config` when the port is taken */
  static async open(options: OriginOptions): Promise<Origin> {
    const origin = new Origin(options);
    const { WebSocketServer } = await import('ws');
    const acceptor = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, autoPong: false, clientTracking: false });
    origin.#accept = (request, socket, head, done) => acceptor.handleUpgrade(request, socket, head, done);
    await listen(origin.#http, options.port, options.venue);
    return origin;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get httpUrl(): string {
    return `http://${LOOPBACK}:${this.port}`;
  }

  get wsUrl(): string {
    return `ws://${LOOPBACK}:${this.port}`;
  }

  async close(): Promise<void> {
    for (const peer of this.peers) peer.terminate();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = await readRequest(request).catch(() => undefined);
    if (!seen) return void response.destroy();
    const { faults, venue, server, catchUp, clock } = this.#options;
    catchUp();
    const fate = faults.fate(venue, seen, (status, after) => server.failure(status, after));
    if (fate.hang) return;
    const answer = () => this.#answer(seen, fate, request, response);
    if (fate.delayMs) clock.schedule(fate.delayMs, answer);
    else answer();
  }

  #answer(seen: SimRequest, fate: RequestFate, request: IncomingMessage, response: ServerResponse): void {
    if (fate.cut) return void request.socket.destroy();
    if (fate.answer) this.#write(response, fate.answer);
    else this.#say(this.#ask(seen), seen, request, response);
  }

  /** Tells what the venue has done; where that was about orders, faults may have their say. */
  #say(answer: SimResponse, { path }: SimRequest, request: IncomingMessage, response: ServerResponse): void {
    const { faults, venue, server, clock } = this.#options;
    const { cut, failure, delayMs } = answer.orders ? faults.orders.answerFate({ venue, path }, answer.orders) : NO_FATE;
    if (cut) return void request.socket.destroy();
    const said = failure === undefined ? answer : server.failure(failure, 0);
    if (delayMs) clock.schedule(delayMs, () => this.#write(response, said));
    else this.#write(response, said);
  }

  /** A mistake in a dialect is the venue's "internal error", and loud here. */
  #ask(seen: SimRequest): SimResponse {
    const { server } = this.#options;
    try {
      return server.request(seen);
    } catch (error) {
      process.emitWarning(error as Error);
      return server.failure(500, 0);
    }
  }

  /** With the time of the venue, which need not be that of this machine. */
  #write(response: ServerResponse, answer: SimResponse): void {
    if (response.destroyed) return;
    const { clock, faults, venue } = this.#options;
    response.writeHead(answer.status, {
      date: new Date(clock.now() + faults.orders.of(venue).skewMs()).toUTCString(),
      'content-type': 'application/json;charset=UTF-8',
      'content-length': Buffer.byteLength(answer.body),
      ...answer.headers,
    });
    response.end(answer.body);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { faults, venue, server, catchUp } = this.#options;
    socket.on('error', () => socket.destroy());
    catchUp();
    const url = urlOf(request, this.httpUrl);
    if (!url) return void socket.destroy();
    const seen = describe(request, '');
    const fate = faults.fate(venue, seen, (status, after) => server.failure(status, after));
    if (fate.hang) return;
    if (fate.cut) return void socket.destroy();
    const refusal = fate.answer ?? server.admit?.(seen);
    if (refusal) refuse(socket, refusal);
    else this.#accept(request, socket, head, (ws) => this.#connect(ws, url, request.socket.remoteAddress ?? LOOPBACK));
  }

  #connect(ws: WebSocket, url: URL, remote: string): void {
    const { faults, venue, server, catchUp, nextPeerId, clock } = this.#options;
    const peer = new SocketPeer(ws, faults, { id: nextPeerId(), venue, url, remote, clock });
    this.peers.add(peer);
    ws.on('close', () => this.peers.delete(peer));
    peer.serve(server.connect(peer), catchUp);
  }
}

/** Listens on loopback. @throws SpeedError `config` naming the port when it is taken */
export async function listen(server: Server, port: number, name: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const message = taken ? `port ${port} for ${name} is in use; choose another port or leave it out` : String(cause);
      reject(new SpeedError('config', message, { cause }));
    });
    server.listen(port, LOOPBACK, resolve);
  });
}

async function readRequest(request: IncomingMessage): Promise<SimRequest> {
  if (request.method === 'GET') return describe(request, '');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new RangeError('body too large');
    chunks.push(chunk);
  }
  return describe(request, Buffer.concat(chunks).toString());
}

/** `undefined` when the client asks for something that is no URL. */
function urlOf(request: IncomingMessage, base: string): URL | undefined {
  try {
    return new URL(request.url ?? '/', base);
  } catch {
    return undefined;
  }
}

function describe(request: IncomingMessage, body: string): SimRequest {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const rawQuery = mark < 0 ? '' : target.slice(mark + 1);
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    rawQuery,
    query: new URLSearchParams(rawQuery),
    headers: request.headers as Record<string, string | undefined>,
    body,
    remote: request.socket.remoteAddress ?? LOOPBACK,
  };
}

function refuse(socket: Duplex, answer: SimResponse): void {
  const headers = Object.entries({
    ...answer.headers,
    'content-length': String(Buffer.byteLength(answer.body)),
    connection: 'close',
  });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  // Nobody reads this socket any more, so the client's goodbye would never be seen.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${answer.status} Refused\r\n${lines}\r\n${answer.body}`);
}
