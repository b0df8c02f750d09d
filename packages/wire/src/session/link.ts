import type { Duplex } from 'node:stream';
import { type Clock, type Logger, SpeedError } from '@speed-protocol/core';
import type { WebSocket } from 'ws';
import { load, TopicTable } from '../frames/index.js';
import { Pacer } from './pacer.js';
import type { SocketSpec } from './spec.js';
import type { Route } from './topic.js';

/** Larger messages are an attack or a mistake: Binance's largest, an all-market array, is below 1 MB. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const CLOSE_GRACE_MS = 1000;
const AS_TEXT = { binary: false };
/** What waits for it runs when the code under way is done. */
const SOON = Promise.resolve();

export interface LinkHost {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Offered every frame as it came, before the routes; true when nobody else has to see it. */
  take?(link: Link, frame: Buffer): boolean;
  /** A frame that no route took; `claimed` is the one that it names, if any. */
  control(link: Link, text: string, claimed?: Route): void;
  /** The next message worth sending now, or `undefined`. Asked only when the pace allows one. */
  nextMessage(link: Link, now: number): string | undefined;
  /** The connection ended, for whatever reason; called once, never for a connection that was never open. */
  closed(link: Link, reason: string): void;
}

/** One connection, from open to close. Frames go to their routes; everything else to the host. Never reused. */
export class Link {
  readonly table: TopicTable<Route>;
  /** ms since epoch; 0 until open. */
  openedAt = 0;
  lastInboundAt = 0;
  /** Frames, pings and pongs that have come in. */
  inbound = 0;
  private readonly pacer: Pacer;
  private readonly urgent: string[] = [];
  private socket: WebSocket | undefined;
  /** What the socket writes to. */
  private wire: Duplex | undefined;
  private isSpeaking = false;
  private readonly endsSpeaking = (): void => {
    this.isSpeaking = false;
  };
  private isCorked = false;
  private cancelFlush: (() => void) | undefined;
  private over = false;

  constructor(
    private readonly spec: SocketSpec,
    private readonly host: LinkHost,
  ) {
    this.table = new TopicTable(spec.routing);
    this.pacer = new Pacer(spec.limits.messagesPerSecond);
  }

  get isOpen(): boolean {
    return this.openedAt > 0 && !this.over;
  }

  /**
   * Resolves when the handshake is done.
   * @throws SpeedError `connection` naming the address and what the other side said
   */
  async open(timeoutMs: number): Promise<void> {
    const url = await this.address();
    // Imported at first use: loading ws costs more than the rest of a connector.
    const { WebSocket } = await import('ws');
    if (this.over) throw new SpeedError('aborted', `connection to ${url} was given up before it opened`);
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES, skipUTF8Validation: true });
    this.socket = socket;
    await this.handshake(socket, url, timeoutMs);
  }

  /** Sends ahead of everything else, still at the venue's pace. */
  sendUrgent(text: string): void {
    // Nothing to wait for, and nobody to go before.
    if (this.pacer.isUnlimited && this.isOpen && this.urgent.length === 0) this.write(text);
    else {
      this.urgent.push(text);
      this.flush();
    }
  }

  /** Sends what is waiting, as far as the pace allows; the rest follows by itself. */
  flush(): void {
    if (!this.isOpen || this.cancelFlush) return;
    const now = this.host.clock.now();
    for (;;) {
      const wait = this.pacer.waitMs(now);
      if (wait > 0) {
        this.flushLater(wait);
        return;
      }
      const text = this.urgent.shift() ?? this.host.nextMessage(this, now);
      if (text === undefined || !this.isOpen) return;
      this.pacer.take(now);
      this.write(text);
    }
  }

  /** One message leaves at once; those that follow it before anything else is done leave together. */
  private write(text: string): void {
    if (this.isSpeaking) this.cork();
    else {
      this.isSpeaking = true;
      SOON.then(this.endsSpeaking);
    }
    // As bytes: a text goes to the stream in two pieces, which have to be put together again.
    this.socket?.send(Buffer.from(text), AS_TEXT);
  }

  /** What is sent before the event loop turns leaves in one write: a burst costs one call of the system, not one each. */
  private cork(): void {
    if (this.isCorked || !this.wire) return;
    this.isCorked = true;
    this.wire.cork();
    process.nextTick(() => {
      this.isCorked = false;
      this.wire?.uncork();
    });
  }

  /** A ping frame; counts as a message. False when the pace has no room now. */
  ping(): boolean {
    if (!this.isOpen || !this.pacer.take(this.host.clock.now())) return false;
    this.socket?.ping();
    return true;
  }

  /** Ends the connection as a failure; the host is told at once, whatever the other side does. */
  cut(reason: string): void {
    this.socket?.terminate();
    this.finish(reason);
  }

  /** Ends the connection in good order without telling the host. Settles when it is gone. */
  async retire(): Promise<void> {
    if (this.over) return;
    this.over = true;
    this.cancelFlush?.();
    const socket = this.socket;
    if (!socket || socket.readyState === socket.CLOSED) return;
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      const cancel = this.host.clock.schedule(CLOSE_GRACE_MS, () => socket.terminate());
      socket.once('close', cancel);
      socket.close(1000);
    });
  }

  private async address(): Promise<string> {
    const { url, name } = this.spec;
    if (typeof url === 'string') return url;
    try {
      return await url();
    } catch (cause) {
      throw new SpeedError('connection', `no address for ${name}: ${(cause as Error).message}`, { cause, outcomeKnown: true });
    }
  }

  private handshake(socket: WebSocket, url: string, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (why: string, cause?: unknown) => {
        cancel();
        reject(new SpeedError('connection', `no connection to ${url}: ${why}`, { cause, outcomeKnown: true }));
      };
      const cancel = this.host.clock.schedule(timeoutMs, () => {
        fail(`no answer within ${timeoutMs} ms`);
        socket.terminate();
      });
      socket.on('error', (error) => fail(error.message, error));
      socket.once('close', () => fail('closed during the handshake'));
      socket.once('upgrade', (response) => {
        this.wire = inOneWrite(response.socket);
      });
      socket.once('open', () => {
        cancel();
        // Not after the promise: a venue may speak in the same packet as the handshake.
        this.listen(socket);
        resolve();
      });
    });
  }

  private listen(socket: WebSocket): void {
    this.openedAt = this.lastInboundAt = this.host.clock.now();
    socket.removeAllListeners();
    socket.on('message', (data) => this.receive(data as Buffer));
    socket.on('ping', () => this.heard());
    socket.on('pong', () => this.heard());
    socket.on('close', (code, text) =>
      this.finish(`closed by the venue with code ${code}${text.length > 0 ? ` (${text})` : ''}`),
    );
    socket.on('error', (error) => this.host.logger.warn({ socket: this.spec.name, error: error.message }, 'socket error'));
  }

  private heard(): void {
    this.inbound++;
    this.lastInboundAt = this.host.clock.now();
  }

  private receive(data: Buffer): void {
    const receivedAt = this.host.clock.now();
    if (this.over) return;
    this.lastInboundAt = receivedAt;
    this.inbound++;
    try {
      if (this.host.take?.(this, data) === true) return;
      const length = this.table.size > 0 ? load(data) : 0;
      const route = length > 0 ? this.table.lookupLoaded(length) : undefined;
      if (route === undefined || route.receive(length, receivedAt) === false)
        this.host.control(this, data.toString('utf8'), route);
    } catch (error) {
      // Whatever one frame does, the next one is still read.
      this.host.logger.error({ socket: this.spec.name, error }, 'a frame could not be handled');
    }
  }

  private flushLater(ms: number): void {
    this.cancelFlush = this.host.clock.schedule(ms, () => {
      this.cancelFlush = undefined;
      this.flush();
    });
  }

  private finish(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.cancelFlush?.();
    if (this.openedAt > 0) this.host.closed(this, reason);
  }
}

/**
 * Makes of what waits in a stream one piece: hundreds of small ones cost the system far more than copying them.
 * What was corked reaches the stream by this door.
 */
function inOneWrite(wire: Duplex): Duplex {
  wire._writev = (pieces, done) => {
    const bytes = pieces.map(({ chunk, encoding }) => (typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk));
    wire._write(Buffer.concat(bytes as Buffer[]), 'buffer' as BufferEncoding, done);
  };
  return wire;
}
