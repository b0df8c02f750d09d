import type { AddressInfo } from 'node:net';
import { SpeedError } from '@speed-protocol/core';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ControlFrame, SocketSpec } from '../../src/index.js';

interface Request {
  readonly id: number;
  readonly op: 'subscribe' | 'unsubscribe';
  readonly topics: readonly string[];
}

export interface Peer {
  readonly number: number;
  readonly socket: WebSocket;
  readonly topics: Set<string>;
  readonly requests: Request[];
  readonly texts: string[];
}

/** A venue of the simplest kind, on loopback, that does what a test tells it. */
export class ToyVenue {
  /** Connections that are open. */
  peers: Peer[] = [];
  /** Connections ever made. */
  accepted = 0;
  /** Requests that the venue does not answer (it still acts on them when they are `half` heard). */
  answers: 'all' | 'none' | 'silently' = 'all';
  readonly refused = new Set<string>();
  /** Nothing is sent, not even pongs: the peer looks alive to TCP only. */
  halfOpen = false;
  /** Connections whose data arrives some turns of the event loop later, in order. */
  lags: (peer: Peer) => boolean = () => false;
  onSubscribe: ((peer: Peer, topic: string) => void) | undefined;

  private constructor(private readonly server: WebSocketServer) {
    server.on('connection', (socket) => this.accept(socket));
  }

  static async start(port = 0): Promise<ToyVenue> {
    const server = new WebSocketServer({ host: '127.0.0.1', port, autoPong: false });
    await new Promise((resolve) => server.once('listening', resolve));
    return new ToyVenue(server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  push(topic: string, fields: object): void {
    this.pushText(topic, JSON.stringify({ topic, ...fields }));
  }

  pushText(topic: string, text: string): void {
    for (const peer of this.peers) {
      if (!peer.topics.has(topic)) continue;
      if (this.lags(peer)) afterTurns(20, () => this.send(peer, text));
      else this.send(peer, text);
    }
  }

  send(peer: Peer, text: string): void {
    if (!this.halfOpen) peer.socket.send(text);
  }

  async close(): Promise<void> {
    for (const { socket } of this.peers) socket.terminate();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(socket: WebSocket): void {
    const peer: Peer = { number: ++this.accepted, socket, topics: new Set(), requests: [], texts: [] };
    this.peers.push(peer);
    socket.on('error', () => undefined);
    socket.on('ping', (data) => !this.halfOpen && socket.pong(data));
    socket.on('close', () => {
      this.peers = this.peers.filter((other) => other !== peer);
    });
    socket.on('message', (data) => this.hear(peer, String(data)));
  }

  private hear(peer: Peer, text: string): void {
    if (!text.startsWith('{"id"')) {
      peer.texts.push(text);
      return;
    }
    const request = JSON.parse(text) as Request;
    peer.requests.push(request);
    if (this.answers === 'none') return;
    const bad = request.topics.find((topic) => this.refused.has(topic));
    if (bad !== undefined) {
      this.send(peer, JSON.stringify({ id: request.id, error: `no topic ${bad}` }));
      return;
    }
    for (const topic of request.topics) request.op === 'subscribe' ? peer.topics.add(topic) : peer.topics.delete(topic);
    if (this.answers === 'all') this.send(peer, JSON.stringify({ id: request.id, ok: true }));
    if (request.op === 'subscribe') for (const topic of request.topics) this.onSubscribe?.(peer, topic);
  }
}

function afterTurns(turns: number, run: () => void): void {
  if (turns === 0) run();
  else setImmediate(() => afterTurns(turns - 1, run));
}

/** The toy venue's language as a row of a socket table. */
export function toySocket(url: string, changes: Partial<SocketSpec> = {}): SocketSpec {
  const request = (op: Request['op']) => (topics: readonly { key: string }[], id: number) =>
    JSON.stringify({ id, op, topics: topics.map(({ key }) => key) });
  return {
    name: 'toy',
    url,
    routing: [['topic']],
    commands: { subscribe: request('subscribe'), unsubscribe: request('unsubscribe'), control: readControl },
    heartbeat: { everyMs: 10_000, timeoutMs: 5_000, when: 'idle' },
    limits: { topicsPerConnection: 100, topicsPerMessage: 10, messagesPerSecond: 100 },
    ...changes,
  };
}

function readControl(text: string): ControlFrame | undefined {
  if (text === 'pong') return { kind: 'alive' };
  if (text === 'bye') return { kind: 'shutdown' };
  if (text.startsWith('are you there')) return { kind: 'reply', text: `here: ${text}` };
  const message = JSON.parse(text) as { id?: number; ok?: boolean; error?: string };
  if (message.id === undefined) return undefined;
  const id = String(message.id);
  if (message.error === undefined) return { kind: 'ack', id };
  return { kind: 'nack', id, error: new SpeedError('rejected', message.error) };
}
