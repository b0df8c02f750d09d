import { type ConnectionStatus, SpeedError } from '@speed-protocol/core';
import { asRow, type Row } from '../exchange/rows.js';
import { parseExact } from '../frames/exact.js';
import { type Connection, KeptSocket, type KeptSocketSpec } from './kept-socket.js';

export interface CallSocketSpec extends Omit<KeptSocketSpec, 'take' | 'message' | 'greet' | 'ended'> {
  /** Venue id, for errors. */
  readonly venue: string;
  /** For one call, sending to answer; default 10,000 ms. */
  readonly timeoutMs?: number | undefined;
  /** What the venue answers to a ping in text. */
  readonly pong?: string | undefined;
  /** Reads the answers that must not take long, from their bytes to the value that JSON would give; `undefined` of all others. */
  readonly quick?: ((frame: Buffer) => unknown) | undefined;
  /** The id that a message answers, as text; `undefined` when it answers nothing. */
  idOf(message: Row): string | undefined;
  /** What the venue has to hear at once after a message, e.g. that somebody is there; `undefined` after all others. */
  readonly answerTo?: ((message: Row) => string | undefined) | undefined;
  /** A message that answers nothing; also answers to calls that nobody waits for any more. */
  readonly event?: ((message: Row, receivedAt: number) => void) | undefined;
  /** What has to be said on a new connection before others may: log on, subscribe. */
  readonly greet?: ((ask: Ask) => Promise<void>) | undefined;
}

/** Writes a request around its id; called at the moment of sending, so that time stamps are fresh. */
export type WriteRequest = (id: string) => string;

export interface SocketCallOptions {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The venue's answer to one request. */
export interface SocketAnswer {
  /** Integers beyond 2^53 are strings. */
  readonly message: Row;
  readonly receivedAt: number;
}

export type Ask = (write: WriteRequest, options?: SocketCallOptions) => Promise<SocketAnswer>;

interface Pending {
  readonly connection: Connection;
  /** ms since epoch. */
  readonly deadline: number;
  resolve(answer: SocketAnswer): void;
  reject(error: SpeedError): void;
}

const TIMEOUT_MS = 10_000;

/**
 * Requests and answers over one socket, told apart by ids, each sent once and with a deadline. A cut leaves the outcome of
 * everything under way unknown; a late or second answer is nobody's.
 */
export class CallSocket implements AsyncDisposable {
  readonly #spec: CallSocketSpec;
  readonly #socket: KeptSocket;
  readonly #pending = new Map<string, Pending>();
  #lastId = 0;
  /** One timer for all deadlines: a timer per call costs as much as signing it. */
  #cancelSweep: (() => void) | undefined;
  #sweepAt = Number.POSITIVE_INFINITY;

  constructor(spec: CallSocketSpec) {
    this.#spec = spec;
    const { greet, ...rest } = spec;
    this.#socket = new KeptSocket({
      ...rest,
      ...(greet && { greet: (connection) => greet((write, options) => this.#send(connection, write, options)) }),
      take: (connection, frame, receivedAt) => this.#take(connection, frame, receivedAt),
      message: (connection, text, receivedAt) => this.#hear(connection, text, receivedAt),
      ended: (connection, reason) => this.#lost(connection, reason),
    });
  }

  /** True when a call would be sent at once. */
  get isUp(): boolean {
    return this.#socket.connection?.isOpen === true;
  }

  /** True once somebody has opened it: it is up, or on its way. */
  get isWanted(): boolean {
    return this.#socket.isStarted;
  }

  /** As {@link KeptSocket.open}. */
  open(signal?: AbortSignal): Promise<void> {
    return this.#socket.open(signal);
  }

  rotate(why: string): void {
    this.#socket.rotate(why);
  }

  /** The state of its connection; `undefined` while nobody has wanted one. */
  status(): ConnectionStatus | undefined {
    return this.#socket.isStarted ? this.#socket.status() : undefined;
  }

  /**
   * Sends on the connection that is up.
   * @throws SpeedError `connection` (none is up; cut while waiting), `timeout`, `aborted`; `outcomeKnown` is true only when
   * nothing was sent
   */
  call(write: WriteRequest, options: SocketCallOptions = {}): Promise<SocketAnswer> {
    const { connection } = this.#socket;
    if (connection?.isOpen) return this.#send(connection, write, options);
    const { name, venue } = this.#spec;
    const why = `${name} has no connection now; nothing was sent`;
    return Promise.reject(new SpeedError('connection', why, { venue, outcomeKnown: true }));
  }

  /** Ends the connection as a failure; a new one follows. */
  cut(reason: string): void {
    this.#socket.connection?.cut(reason);
  }

  async close(): Promise<void> {
    await this.#socket.close();
    this.#cancelSweep?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #send(connection: Connection, write: WriteRequest, { timeoutMs, signal }: SocketCallOptions = {}): Promise<SocketAnswer> {
    if (signal?.aborted) return Promise.reject(this.#error('aborted', 'aborted; nothing was sent', true));
    const id = String(++this.#lastId);
    const text = write(id);
    const deadline = this.#spec.clock.now() + (timeoutMs ?? this.#spec.timeoutMs ?? TIMEOUT_MS);
    const answer = new Promise<SocketAnswer>((resolve, reject) => {
      this.#pending.set(id, { connection, deadline, resolve, reject });
    });
    if (deadline < this.#sweepAt) this.#sweepLater(deadline);
    connection.send(text);
    return signal ? this.#abortable(id, answer, signal) : answer;
  }

  async #abortable(id: string, answer: Promise<SocketAnswer>, signal: AbortSignal): Promise<SocketAnswer> {
    const onAbort = () => this.#giveUp(id, this.#error('aborted', 'aborted while waiting for the answer', false));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await answer;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #giveUp(id: string, error: SpeedError): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.reject(error);
  }

  #sweepLater(at: number): void {
    this.#cancelSweep?.();
    this.#sweepAt = at;
    const { clock } = this.#spec;
    this.#cancelSweep = clock.schedule(Math.max(0, at - clock.now()), () => this.#sweep());
  }

  #sweep(): void {
    const now = this.#spec.clock.now();
    this.#cancelSweep = undefined;
    this.#sweepAt = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const [id, { deadline }] of this.#pending) {
      if (deadline <= now) this.#giveUp(id, this.#error('timeout', 'no answer in time', false));
      else next = Math.min(next, deadline);
    }
    if (next < Number.POSITIVE_INFINITY) this.#sweepLater(next);
  }

  #take(connection: Connection, frame: Buffer, receivedAt: number): boolean {
    const message = this.#spec.quick?.(frame);
    if (message === undefined) return false;
    this.#settle(connection, asRow(message), receivedAt);
    return true;
  }

  #hear(connection: Connection, text: string, receivedAt: number): void {
    if (text === this.#spec.pong) return;
    const message = asRow(parseExact(text));
    const wanted = this.#spec.answerTo?.(message);
    if (wanted !== undefined) connection.send(wanted);
    this.#settle(connection, message, receivedAt);
  }

  /** Gives a message to the call that it answers, or to whoever hears events. */
  #settle(connection: Connection, message: Row, receivedAt: number): void {
    const id = this.#spec.idOf(message);
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (pending?.connection === connection) {
      this.#pending.delete(id as string);
      pending.resolve({ message, receivedAt });
    } else this.#spec.event?.(message, receivedAt);
  }

  #lost(connection: Connection, reason: string): void {
    for (const [id, pending] of this.#pending) {
      if (pending.connection !== connection) continue;
      this.#giveUp(id, this.#error('connection', `${reason} before the answer came`, false));
    }
  }

  #error(kind: 'timeout' | 'aborted' | 'connection', why: string, outcomeKnown: boolean): SpeedError {
    const { name, venue } = this.#spec;
    return new SpeedError(kind, `${name}: ${why}`, { venue, outcomeKnown });
  }
}
