import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '@speed-protocol/core';
import { createHost, type Host } from '@speed-protocol/host';
import type { CommandName, CommandParams, CommandResult, PushedEvent, Reply } from '@speed-protocol/protocol';
import { type ClientOptions, WebSocket } from 'ws';
import { createServer, type RunningServer, type ServerInput } from '../src/index.js';
import { TestVenue } from './venue.js';

/** A directory with these files, removed by `remove`. */
export function directory(files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'speed-server-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** An app with one installed plugin, whose venue the test holds. */
function app(venue: TestVenue) {
  const slot = `speedTestVenue${Math.random()}`;
  (globalThis as unknown as Record<string, TestVenue>)[slot] = venue;
  const marker = { kind: 'exchange', api: 1, venues: [venue.id] };
  return directory({
    'package.json': JSON.stringify({ name: 'app', dependencies: { 'exchange-fake': '*' } }),
    'node_modules/exchange-fake/package.json': JSON.stringify({
      name: 'exchange-fake',
      version: '1.2.3',
      type: 'module',
      exports: './index.js',
      speed: marker,
    }),
    'node_modules/exchange-fake/index.js': `export default globalThis[${JSON.stringify(slot)}].manifest;`,
  });
}

export interface Running extends AsyncDisposable {
  readonly venue: TestVenue;
  readonly host: Host;
  readonly server: RunningServer;
  peer(options?: ClientOptions): Promise<Peer>;
  /** `status`, asked over a connection of its own that subscribes to nothing. */
  peerStatus(): Promise<CommandResult<'status'>>;
  /** A Prometheus value by name and labels as printed. */
  metric(line: string): Promise<number>;
}

/** A server on a free port, over a host that found its plugin the way every host does. */
export async function start(options: NonNullable<ServerInput> = {}, venue = new TestVenue(), clock?: Clock): Promise<Running> {
  const files = app(venue);
  const host = await createHost({ appDirectory: files.root, projectDirectory: null, clock });
  const server = await createServer(host, { port: 0, bookIntervalMs: 0, ...options });
  const peers: Peer[] = [];
  let observer: Promise<Peer> | undefined;
  const open = async (clientOptions?: ClientOptions) => {
    const peer = await Peer.open(server.webSocketUrl, clientOptions);
    peers.push(peer);
    return peer;
  };
  return {
    venue,
    host,
    server,
    async peerStatus() {
      observer ??= open();
      return (await observer).call('status', {});
    },
    peer: open,
    async metric(line) {
      const text = await (await fetch(`${server.url}metrics`)).text();
      const row = text.split('\n').find((each) => each.startsWith(`${line} `));
      return Number(row?.slice(line.length + 1) ?? Number.NaN);
    },
    async [Symbol.asyncDispose]() {
      for (const peer of peers) peer.socket.terminate();
      await server.close();
      await host[Symbol.asyncDispose]();
      files.remove();
    },
  };
}

type Message = PushedEvent | Reply;

/** A bare WebSocket client that keeps what it got. */
export class Peer {
  /** Texts as received. */
  readonly texts: string[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #wakes: (() => void)[] = [];
  #lastId = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.texts.push(String(data));
      this.#wake();
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: String(reason) });
        this.#wake();
      });
    });
  }

  static async open(url: string, options?: ClientOptions): Promise<Peer> {
    const peer = new Peer(new WebSocket(url, options));
    await once(peer.socket, 'open');
    return peer;
  }

  get messages(): Message[] {
    return this.texts.map((text) => JSON.parse(text) as Message);
  }

  get events(): PushedEvent[] {
    return this.messages.filter((each) => 'channel' in each);
  }

  /** The first message, old or new, that the test accepts. */
  async find<T extends Message>(accept: (message: Message) => message is T, from?: number): Promise<T>;
  async find(accept: (message: Message) => boolean, from?: number): Promise<Message>;
  async find(accept: (message: Message) => boolean, from = 0): Promise<Message> {
    for (let at = from; ; at++) {
      while (at >= this.texts.length) await this.#more();
      const message = JSON.parse(this.texts[at]!) as Message;
      if (accept(message)) return message;
    }
  }

  /** Waits until that many events have come. */
  async untilEvents(count: number): Promise<PushedEvent[]> {
    while (this.events.length < count) await this.#more();
    return this.events;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  /** Sends a command and gives its reply, whatever it is. */
  async reply(command: string, params?: unknown): Promise<Reply> {
    const id = `c${++this.#lastId}`;
    const from = this.texts.length;
    this.send({ id, command, ...(params !== undefined && { params }) });
    return this.find((message): message is Reply => 'id' in message && message.id === id && !('channel' in message), from);
  }

  /** The result of a command, which must succeed. */
  async call<C extends CommandName>(command: C, params: CommandParams<C>): Promise<CommandResult<C>> {
    const reply = await this.reply(command, params);
    if (!reply.ok) throw new Error(`${command}: ${reply.error.kind}: ${reply.error.message}`);
    return reply.result as CommandResult<C>;
  }

  /** The error of a command, which must fail. */
  async failure(command: string, params?: unknown) {
    const reply = await this.reply(command, params);
    if (reply.ok) throw new Error(`${command} did not fail`);
    return reply.error;
  }

  #more(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) throw new Error('the socket was closed while the test waited');
    return new Promise((resolve) => this.#wakes.push(resolve));
  }

  #wake(): void {
    for (const wake of this.#wakes.splice(0)) wake();
  }
}
