import type { Clock } from '@speed-protocol/core';
import type { WebSocket } from 'ws';
import type { Peer, PeerHandler, SocketAnswer } from './exchange.js';
import type { AnswerFaults, SocketFaults } from './wire-faults.js';

/** A client that lets this much pile up unread is cut. */
const MAX_BUFFERED = 16 * 1024 * 1024;

/** A dialect's peer over a `ws` socket, with the faults in between. */
export class SocketPeer implements Peer {
  readonly id: number;
  readonly venue: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly remote: string;
  readonly #socket: WebSocket;
  readonly #faults: SocketFaults & { readonly orders: AnswerFaults };
  readonly #clock: Clock;
  readonly #write = (data: Buffer): void => this.#put(data);
  #handler: PeerHandler | undefined;
  /** Set while the connection pretends to be alive. */
  #frozen = false;

  constructor(
    socket: WebSocket,
    faults: SocketFaults & { readonly orders: AnswerFaults },
    identity: { readonly id: number; readonly venue: string; readonly url: URL; readonly remote: string; readonly clock: Clock },
  ) {
    this.#socket = socket;
    this.#faults = faults;
    this.#clock = identity.clock;
    this.id = identity.id;
    this.venue = identity.venue;
    this.path = identity.url.pathname;
    this.query = identity.url.searchParams;
    this.remote = identity.remote;
  }

  /** Connects the socket's events with the dialect. `before` runs ahead of each, to bring the clock up to date. */
  serve(handler: PeerHandler, before: () => void): void {
    this.#handler = handler;
    const socket = this.#socket;
    const relay = (act: () => void) => {
      if (this.#frozen) return;
      before();
      this.#run(act);
    };
    socket.on('message', (data) => {
      const text = String(data);
      const delayMs = this.#faults.delayOf(this, text);
      const hear = () => relay(() => handler.onMessage(text));
      if (delayMs > 0) this.#clock.schedule(delayMs, hear);
      else hear();
    });
    socket.on('ping', (payload) => relay(() => this.#answerPing(payload)));
    socket.on('pong', (payload) => relay(() => handler.onPong?.(String(payload))));
    socket.on('close', () => handler.onClose?.());
    socket.on('error', () => socket.terminate());
  }

  /** A mistake in a dialect is the venue's "internal error", and loud here. */
  #run(act: () => void): void {
    try {
      act();
    } catch (error) {
      process.emitWarning(error as Error);
      this.close(1011, 'internal error');
    }
  }

  /** Open, and not just pretending. */
  get live(): boolean {
    return this.#open && !this.#frozen;
  }

  get #open(): boolean {
    return this.#socket.readyState === 1;
  }

  send(text: string, topic?: string): void {
    if (!this.live) return;
    this.#faults.pass(this, Buffer.from(text), topic, this.#write);
  }

  answer(text: string, { orders, failure }: SocketAnswer): void {
    const {
      cut,
      twice,
      failure: status,
      delayMs,
    } = this.#faults.orders.answerFate({ venue: this.venue, path: this.path, peer: this.id }, orders);
    if (cut) return void this.terminate();
    const said = status === undefined ? text : failure(status);
    const send = () => {
      this.send(said);
      if (twice) this.send(said);
    };
    if (delayMs) this.#clock.schedule(delayMs, send);
    else send();
  }

  ping(payload = ''): void {
    if (this.live && !this.#faults.silent(this)) this.#socket.ping(payload);
  }

  close(code: number, reason: string): void {
    if (!this.#frozen) this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Half-open from here on: neither sends nor reads nor answers, as a machine that lost its power. */
  freeze(): void {
    this.#frozen = true;
    this.#socket.pause();
    this.#handler?.onClose?.();
  }

  #answerPing(payload: Buffer): void {
    this.#handler?.onPing?.();
    if (!this.#faults.silent(this) && this.#open) this.#socket.pong(payload);
  }

  #put(data: Buffer): void {
    if (!this.live) return;
    this.#socket.send(data, { binary: false });
    if (this.#socket.bufferedAmount > MAX_BUFFERED) this.#socket.terminate();
  }
}
