import type { ConnectionStatus, SpeedError } from '@speed-protocol/core';
import { Backoff } from './backoff.js';
import { Line, type LineHost } from './line.js';
import type { SessionOptions } from './options.js';
import type { Topic } from './topic.js';

/**
 * A lasting place for up to `topicsPerConnection` topics. It holds the desired state; one connection after the other
 * (two during a rotation) is brought to it. However a connection ends, cleanly or not, the next one follows.
 */
export class Slot implements LineHost {
  readonly topics = new Map<string, Topic>();
  private readonly backoff: Backoff;
  private current: Line | undefined;
  private successor: Line | undefined;
  /** The connection being made now. */
  private coming: Line | undefined;
  private cancelWait: (() => void) | undefined;
  private rotatedAt = Number.NEGATIVE_INFINITY;
  private reconnects = 0;
  private emptySince: number;
  private closed = false;

  constructor(
    private readonly name: string,
    private readonly options: SessionOptions,
  ) {
    const { timings, random } = options;
    this.backoff = new Backoff({ baseMs: timings.backoffBaseMs, maxMs: timings.backoffMaxMs, random });
    this.emptySince = options.clock.now();
  }

  get isFull(): boolean {
    return this.topics.size >= this.options.spec.limits.topicsPerConnection;
  }

  add(topic: Topic): void {
    this.topics.set(topic.key, topic);
    if (this.current) this.flush();
    else this.connect();
  }

  remove(topic: Topic): void {
    if (this.topics.get(topic.key) !== topic) return;
    this.topics.delete(topic.key);
    this.emptySince = this.options.clock.now();
    this.flush();
  }

  renew(topic: Topic): void {
    if (this.topics.get(topic.key) === topic) this.current?.renew(topic);
  }

  /** True when nothing has been wanted here for a while. */
  isIdle(now: number): boolean {
    return this.topics.size === 0 && now - this.emptySince >= this.options.timings.lingerMs;
  }

  tick(now: number): void {
    this.current?.tick(now);
    this.successor?.tick(now);
    this.age(now);
    this.handOver(now);
  }

  status(): ConnectionStatus {
    const link = this.current?.link;
    const state = this.closed ? 'closed' : link ? 'open' : this.coming ? 'connecting' : 'waiting';
    const lastFrameAt = link ? link.lastInboundAt : null;
    return { name: this.name, state, topics: this.topics.size, reconnects: this.reconnects, lastFrameAt };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.cancelWait?.();
    const lines = [this.current, this.successor, this.coming].filter((line) => line !== undefined);
    this.current = this.successor = this.coming = undefined;
    await Promise.all(lines.map((line) => line.link.retire()));
  }

  /** Replaces the connection without a hole: the new one is up and heard before the old one goes. */
  rotate(why: string): void {
    const now = this.options.clock.now();
    if (!this.current || this.successor || this.coming || now - this.rotatedAt < this.options.timings.rotateEveryMs) return;
    this.rotatedAt = now;
    this.options.logger.info({ socket: this.name, why }, 'replacing the connection');
    this.connect();
  }

  refused(topic: Topic, error: SpeedError): void {
    this.remove(topic);
    topic.refused(error);
  }

  lost(line: Line, reason: string): void {
    if (this.closed) return;
    this.options.logger.warn({ socket: this.name, reason }, 'connection lost');
    if (line === this.successor) this.successor = undefined;
    else [this.current, this.successor] = [this.successor, undefined];
    if (this.current) this.current.frozen = false;
    line.reconciler.lose();
    if (this.options.clock.now() - line.link.openedAt >= this.options.timings.stableAfterMs) this.backoff.reset();
    if (!this.current && !this.coming) this.connectLater();
    this.flush();
  }

  private connect(): void {
    if (this.coming || this.cancelWait || this.closed) return;
    const line = new Line(this.options, this);
    this.coming = line;
    line.link.open(this.options.timings.connectTimeoutMs).then(
      () => this.opened(line),
      (error) => this.failed(line, error),
    );
  }

  private opened(line: Line): void {
    if (this.coming !== line) return void line.link.retire();
    this.coming = undefined;
    if (!this.current) this.current = line;
    else {
      this.successor = line;
      this.current.frozen = true;
    }
    line.link.flush();
  }

  private failed(line: Line, error: SpeedError): void {
    if (this.coming !== line) return;
    this.coming = undefined;
    this.options.logger.warn({ socket: this.name, error: error.message }, 'no connection');
    for (const topic of [...this.topics.values()]) topic.unreachable(error);
    this.connectLater();
  }

  private connectLater(): void {
    if (this.topics.size === 0 || this.cancelWait) return;
    this.reconnects++;
    this.cancelWait = this.options.clock.schedule(this.backoff.next(), () => {
      this.cancelWait = undefined;
      this.connect();
    });
  }

  private age(now: number): void {
    const { maxAgeMs } = this.options.spec;
    if (maxAgeMs !== undefined && this.current && now - this.current.link.openedAt >= maxAgeMs) this.rotate('it is old');
  }

  /** Ends a rotation once every topic is heard on the new connection, or when the overlap has lasted long enough. */
  private handOver(now: number): void {
    const { current, successor } = this;
    if (!current || !successor) return;
    const held = [...successor.reconciler.held()];
    const done = successor.reconciler.settled && held.every(([topic, route]) => topic.isHeard(route));
    if (!done && now - successor.link.openedAt < this.options.timings.overlapMs) return;
    for (const [topic, route] of held) if (!topic.isHeard(route)) topic.takeOver(route);
    this.current = successor;
    this.successor = undefined;
    void current.link.retire();
    current.reconciler.lose();
    this.flush();
  }

  private flush(): void {
    this.current?.link.flush();
    this.successor?.link.flush();
  }
}
