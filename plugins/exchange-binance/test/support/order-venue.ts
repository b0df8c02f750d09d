import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8'));

const LISTINGS: Readonly<Record<string, unknown>> = {
  '/api/v3/exchangeInfo': fixture('exchange-info.spot'),
  '/fapi/v1/exchangeInfo': fixture('exchange-info.usdm'),
  '/dapi/v1/exchangeInfo': fixture('exchange-info.coinm'),
};

/** What is not for the test to decide. */
function fixedBody(path: string): unknown {
  if (path.endsWith('/fundingInfo')) return [];
  return path.endsWith('/time') ? { serverTime: Date.now() } : LISTINGS[path];
}

/** A request on either way, and how to answer it. */
export interface Asked {
  readonly by: 'rest' | 'socket';
  /** `POST /fapi/v1/order` or `order.place`. */
  readonly what: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly socket: WebSocket | undefined;
  /** Answers in good order. */
  ok(body: unknown): void;
  /** Answers with a refusal. */
  refuse(status: number, code: number, msg: string, data?: object): void;
  /** Sends this text as the answer, whatever it is. */
  raw(text: string, status?: number): void;
  /** Ends the connection without an answer. */
  cut(): void;
}

/** A venue on loopback whose every answer the test decides: REST, WebSocket API and user streams. */
export class OrderVenue implements AsyncDisposable {
  readonly asked: Asked[] = [];
  /** Open sockets by path. */
  readonly peers: { readonly path: string; readonly socket: WebSocket }[] = [];
  answer: (asked: Asked) => void = (asked) => asked.ok({});
  /** Refuses WebSocket handshakes while true. */
  closed = false;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  #waiting: { readonly done: () => boolean; readonly resolve: () => void }[] = [];

  private constructor() {
    this.#server = createServer((request, response) => this.#rest(request, response));
    this.#server.on('upgrade', (request, socket, head) => {
      if (this.closed) socket.destroy();
      else this.#sockets.handleUpgrade(request, socket, head, (peer) => this.#accept(peer, request.url ?? ''));
    });
  }

  static async start(): Promise<OrderVenue> {
    const venue = new OrderVenue();
    await new Promise<void>((resolve) => venue.#server.listen(0, '127.0.0.1', resolve));
    return venue;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  whats(by?: 'rest' | 'socket'): string[] {
    return this.asked.filter((each) => by === undefined || each.by === by).map(({ what }) => what);
  }

  /** Sends a message to every open user stream. */
  push(message: unknown): void {
    for (const { socket } of this.peers) socket.send(JSON.stringify(message));
  }

  /** Settles when the condition holds; looked at whenever something happens here. */
  until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ done, resolve }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.peers) socket.terminate();
    this.#sockets.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  happened(): void {
    for (const waiter of [...this.#waiting]) {
      if (!waiter.done()) continue;
      this.#waiting = this.#waiting.filter((each) => each !== waiter);
      waiter.resolve();
    }
  }

  #rest(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', this.origin);
    const send = (text: string, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(text);
    };
    const fixed = fixedBody(url.pathname);
    if (fixed !== undefined) {
      send(JSON.stringify(fixed));
      return;
    }
    this.#take({
      by: 'rest',
      what: `${request.method} ${url.pathname}`,
      params: Object.fromEntries(url.searchParams),
      headers: request.headers,
      socket: undefined,
      ok: (body) => send(JSON.stringify(body)),
      refuse: (status, code, msg) => send(JSON.stringify({ code, msg }), status),
      raw: send,
      cut: () => request.socket.destroy(),
    });
  }

  #accept(socket: WebSocket, path: string): void {
    const peer = { path, socket };
    this.peers.push(peer);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.peers.splice(this.peers.indexOf(peer), 1);
      this.happened();
    });
    socket.on('message', (data) => {
      const { id, method, params } = JSON.parse(String(data)) as { id: string; method: string; params: Record<string, string> };
      const send = (message: object): void => socket.send(JSON.stringify({ id, ...message }));
      this.#take({
        by: 'socket',
        what: method,
        params,
        headers: {},
        socket,
        ok: (result) => send({ status: 200, result }),
        refuse: (status, code, msg, more) => send({ status, error: { code, msg, ...(more && { data: more }) } }),
        raw: (text) => socket.send(text),
        cut: () => socket.terminate(),
      });
    });
    this.happened();
  }

  #take(asked: Asked): void {
    this.asked.push(asked);
    this.answer(asked);
    this.happened();
  }
}

/** An order as the futures acknowledge it. */
export function ackOf({ params }: Asked, more: object = {}): object {
  return {
    orderId: 9_007_199_254_740_993n.toString(),
    symbol: params['symbol'],
    status: 'NEW',
    clientOrderId: params['newClientOrderId'] ?? params['origClientOrderId'],
    price: params['price'] ?? '0',
    origQty: params['quantity'] ?? '1',
    executedQty: '0',
    type: params['type'] ?? 'LIMIT',
    timeInForce: params['timeInForce'] ?? 'GTC',
    side: params['side'] ?? 'BUY',
    positionSide: 'BOTH',
    reduceOnly: false,
    updateTime: 1795132800005,
    ...more,
  };
}
