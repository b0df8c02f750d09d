import { type Clock, type ConnectionStatus, type Logger, SpeedError } from '@speed-protocol/core';
import { abortable } from '../rest/abortable.js';
import { Backoff } from '../session/backoff.js';
import { Pulse } from '../session/heartbeat.js';
import { Link, type LinkHost } from '../session/link.js';
import { DEFAULT_TIMINGS } from '../session/options.js';
import type { Heartbeat, SocketSpec } from '../session/spec.js';

/** One open connection; what is said on it belongs to it alone. */
export interface Connection {
  /** Sends, or queues when the pace does not allow it now. */
  send(text: string): void;
  readonly isOpen: boolean;
  /** Ends it as a failure; a new one follows. */
  cut(reason: string): void;
}

export interface KeptSocketSpec {
  /** Name in logs and in `connections()`, e.g. `binance.orders`. */
  readonly name: string;
  /** Asked for each connection: some venues hand out a key per connection. Its errors fail the attempt. */
  readonly url: () => string | Promise<string>;
  readonly heartbeat: Heartbeat;
  readonly messagesPerSecond: number;
  /** The venue cuts connections of this age; they are replaced earlier, the new one first. */
  readonly maxAgeMs?: number | undefined;
  /** How long the replaced connection still hears answers; 0 where both would tell the same events. */
  readonly overlapMs?: number | undefined;
  readonly connectTimeoutMs?: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1); for jitter. */
  readonly random?: (() => number) | undefined;
  /** Said after opening and before anything else: log on, subscribe. What it throws ends the connection. */
  readonly greet?: ((connection: Connection) => Promise<void>) | undefined;
  /** Offered every message as bytes; true when it has been read and {@link message} need not hear of it. */
  readonly take?: ((connection: Connection, frame: Buffer, receivedAt: number) => boolean) | undefined;
  message(connection: Connection, text: string, receivedAt: number): void;
  /** A connection is open and greeted, and none was before. */
  readonly up?: (() => void) | undefined;
  /** None is left; another one follows by itself. */
  readonly down?: ((reason: string) => void) | undefined;
  /** This one is over, whatever others there are. */
  readonly ended?: ((connection: Connection, reason: string) => void) | undefined;
}

const UNUSED: Pick<SocketSpec, 'routing' | 'commands'> = {
  routing: [['id']],
  commands: { subscribe: () => '', unsubscribe: () => '', control: () => undefined },
};

/**
 * One connection that stays: opened at first use, watched, and replaced however it ends, until it is closed. Requests and
 * what happens on it are others' business: see {@link CallSocket}.
 */
export class KeptSocket implements AsyncDisposable {
  readonly #spec: KeptSocketSpec;
  readonly #backoff: Backoff;
  #current: Line | undefined;
  #attempt: Promise<void> | undefined;
  #cancelWait: (() => void) | undefined;
  #cancelTick: (() => void) | undefined;
  readonly #lines = new Set<Line>();
  #reconnects = 0;
  #started = false;
  #closed = false;

  constructor(spec: KeptSocketSpec) {
    this.#spec = spec;
    const { backoffBaseMs: baseMs, backoffMaxMs: maxMs } = DEFAULT_TIMINGS;
    this.#backoff = new Backoff({ baseMs, maxMs, random: spec.random ?? Math.random });
  }

  /** The connection to speak on, when there is one. */
  get connection(): Connection | undefined {
    return this.#current;
  }

  /**
   * Resolves when a connection is up: now, or after the attempt under way. From the first call on it is kept up.
   * @throws SpeedError of the attempt; another one follows by itself
   */
  open(signal?: AbortSignal): Promise<void> {
    if (this.#closed) return Promise.reject(closedError(this.#spec.name));
    if (this.#current) return Promise.resolve();
    this.#started = true;
    if (!this.#attempt) {
      this.#cancelWait?.();
      this.#cancelWait = undefined;
      this.#connect();
    }
    return abortable(this.#attempt!, signal);
  }

  /** Replaces the connection: the new one is up before the old one goes. */
  rotate(why: string): void {
    if (!this.#current || this.#attempt || this.#closed) return;
    this.#spec.logger.info({ socket: this.#spec.name, why }, 'replacing the connection');
    this.#connect();
  }

  status(): ConnectionStatus {
    const current = this.#current;
    const state = this.#closed ? 'closed' : current ? 'open' : this.#attempt ? 'connecting' : 'waiting';
    const lastFrameAt = current ? current.link.lastInboundAt : null;
    return { name: this.#spec.name, state, topics: 0, reconnects: this.#reconnects, lastFrameAt };
  }

  /** True once somebody wanted it. */
  get isStarted(): boolean {
    return this.#started;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelWait?.();
    this.#cancelTick?.();
    this.#current = undefined;
    await Promise.all([...this.#lines].map((line) => this.#retire(line, 'closed by us')));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #connect(): void {
    // Not before the next turn: what fails at once must find the attempt noted.
    const attempt = Promise.resolve().then(() => this.#try());
    this.#attempt = attempt;
    // Whoever waits for it hears of a failure; nobody else has to.
    attempt.catch(() => undefined);
  }

  async #try(): Promise<void> {
    const { connectTimeoutMs = DEFAULT_TIMINGS.connectTimeoutMs, greet } = this.#spec;
    let line: Line | undefined;
    try {
      const url = await this.#spec.url();
      if (this.#closed) throw closedError(this.#spec.name);
      line = new Line(url, this.#spec, (ended, reason) => this.#ended(ended, reason));
      this.#lines.add(line);
      await line.link.open(connectTimeoutMs);
      await greet?.(line);
      if (!line.isOpen)
        throw new SpeedError('connection', `${this.#spec.name} was cut before it was ready`, { outcomeKnown: true });
      this.#arrived(line);
    } catch (error) {
      this.#failed(line, error);
      throw error;
    }
  }

  #arrived(line: Line): void {
    this.#attempt = undefined;
    if (this.#closed) throw closedError(this.#spec.name);
    const before = this.#current;
    this.#current = line;
    this.#tickLater();
    if (!before) {
      this.#spec.up?.();
      return;
    }
    const { overlapMs = 0, clock } = this.#spec;
    if (overlapMs === 0) void this.#retire(before, 'replaced');
    else clock.schedule(overlapMs, () => void this.#retire(before, 'replaced'));
  }

  #failed(line: Line | undefined, error: unknown): void {
    this.#attempt = undefined;
    if (line) void this.#retire(line, 'the attempt failed');
    if (this.#closed) return;
    const why = error instanceof Error ? error.message : String(error);
    this.#spec.logger.warn({ socket: this.#spec.name, error: why }, 'no connection');
    if (!this.#current) this.#connectLater();
  }

  #ended(line: Line, reason: string): void {
    this.#lines.delete(line);
    this.#spec.ended?.(line, reason);
    if (line !== this.#current || this.#closed) return;
    this.#current = undefined;
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    if (this.#spec.clock.now() - line.link.openedAt >= DEFAULT_TIMINGS.stableAfterMs) this.#backoff.reset();
    this.#spec.logger.warn({ socket: this.#spec.name, reason }, 'connection lost');
    this.#spec.down?.(reason);
    if (!this.#attempt) this.#connectLater();
  }

  #connectLater(): void {
    if (this.#cancelWait || this.#closed) return;
    this.#reconnects++;
    this.#cancelWait = this.#spec.clock.schedule(this.#backoff.next(), () => {
      this.#cancelWait = undefined;
      if (!this.#attempt && !this.#current && !this.#closed) this.#connect();
    });
  }

  async #retire(line: Line, reason: string): Promise<void> {
    if (!this.#lines.delete(line)) return;
    await line.link.retire();
    this.#spec.ended?.(line, reason);
  }

  #tickLater(): void {
    this.#cancelTick?.();
    const { clock } = this.#spec;
    const due = clock.now() + DEFAULT_TIMINGS.tickMs;
    this.#cancelTick = clock.schedule(DEFAULT_TIMINGS.tickMs, () => {
      const now = clock.now();
      // After a sleep or a blocked event loop, first read what has arrived meanwhile: it may be the proof of life.
      if (now - due <= 4 * DEFAULT_TIMINGS.tickMs) this.#tick(now);
      if (this.#current) this.#tickLater();
    });
  }

  #tick(now: number): void {
    const { maxAgeMs } = this.#spec;
    const line = this.#current;
    line?.pulse.tick(now);
    if (line && maxAgeMs !== undefined && now - line.link.openedAt >= maxAgeMs) this.rotate('it is old');
  }
}

/** A link and its heartbeat. */
class Line implements Connection, LinkHost {
  readonly link: Link;
  readonly pulse: Pulse;
  readonly clock: Clock;
  readonly logger: Logger;

  constructor(
    url: string,
    private readonly spec: KeptSocketSpec,
    private readonly onEnd: (line: Line, reason: string) => void,
  ) {
    const { name, heartbeat, messagesPerSecond } = spec;
    this.clock = spec.clock;
    this.logger = spec.logger;
    const limits = { topicsPerConnection: 0, topicsPerMessage: 0, messagesPerSecond };
    this.link = new Link({ name, url, heartbeat, limits, ...UNUSED }, this);
    this.pulse = new Pulse(this.link, heartbeat);
  }

  get isOpen(): boolean {
    return this.link.isOpen;
  }

  send(text: string): void {
    this.link.sendUrgent(text);
  }

  cut(reason: string): void {
    this.link.cut(reason);
  }

  nextMessage(): undefined {
    return undefined;
  }

  take(link: Link, frame: Buffer): boolean {
    return this.spec.take?.(this, frame, link.lastInboundAt) === true;
  }

  control(link: Link, text: string): void {
    this.spec.message(this, text, link.lastInboundAt);
  }

  closed(_link: Link, reason: string): void {
    this.onEnd(this, reason);
  }
}

function closedError(name: string): SpeedError {
  return new SpeedError('aborted', `${name} is closed; nothing was sent`, { outcomeKnown: true });
}
