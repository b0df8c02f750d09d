import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

interface Peer {
  readonly path: string;
  readonly socket: WebSocket;
  readonly topics: Set<string>;
}

type Body = (query: URLSearchParams) => unknown;

/** A few REST bodies and the stream protocol of the venue, on loopback: enough to speak with the connector by hand. */
export class LocalVenue {
  readonly requests: string[] = [];
  readonly peers: Peer[] = [];
  private readonly waiting: { readonly done: () => boolean; readonly resolve: () => void }[] = [];
  private readonly server: Server;
  private readonly sockets: WebSocketServer;

  private constructor(readonly bodies: Record<string, Body>) {
    this.server = createServer((request, response) => this.answer(request, response));
    this.sockets = new WebSocketServer({ server: this.server });
    this.sockets.on('connection', (socket, request) => this.accept(socket, request.url ?? ''));
  }

  static async start(bodies: Record<string, Body>): Promise<LocalVenue> {
    const venue = new LocalVenue(bodies);
    await new Promise<void>((resolve) => venue.server.listen(0, '127.0.0.1', resolve));
    return venue;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sends a frame to everybody who is subscribed to the stream. */
  push(stream: string, data: unknown): void {
    this.pushText(stream, JSON.stringify({ stream, data }));
  }

  pushText(stream: string, text: string): void {
    for (const peer of this.peers) if (peer.topics.has(stream)) peer.socket.send(text);
  }

  /** Ends every connection: `clean` with a close frame, else by cutting the wire. */
  cut(clean: boolean): void {
    for (const { socket } of this.peers) clean ? socket.close(1001) : socket.terminate();
  }

  /** Settles when the condition holds; looked at whenever something reaches the venue. */
  until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ done, resolve }));
  }

  async close(): Promise<void> {
    for (const { socket } of this.peers) socket.terminate();
    this.sockets.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', this.origin);
    this.requests.push(`${url.pathname}${url.search}`);
    const body = this.bodies[url.pathname];
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ? body(url.searchParams) : { code: -1, msg: `no ${url.pathname}` }));
    this.happened();
  }

  private accept(socket: WebSocket, path: string): void {
    const peer: Peer = { path, socket, topics: new Set() };
    this.peers.push(peer);
    socket.on('close', () => this.peers.splice(this.peers.indexOf(peer), 1));
    socket.on('error', () => undefined);
    socket.on('message', (text) => {
      const { method, params, id } = JSON.parse(String(text)) as { method: string; params: string[]; id: number };
      for (const stream of params) method === 'SUBSCRIBE' ? peer.topics.add(stream) : peer.topics.delete(stream);
      socket.send(JSON.stringify({ result: null, id }));
      this.happened();
    });
    this.happened();
  }

  private happened(): void {
    for (const waiter of [...this.waiting]) {
      if (!waiter.done()) continue;
      this.waiting.splice(this.waiting.indexOf(waiter), 1);
      waiter.resolve();
    }
  }
}
