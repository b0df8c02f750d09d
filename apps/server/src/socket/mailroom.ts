import { Joiner } from './joiner.js';
import type { Mailroom, Outbox, OutboxCounters } from './outbox.js';

/** A flush never waits longer than this for the one before it, ms. */
const MAX_REST_MS = 10;

/**
 * Flushes outboxes at the end of the turn of the event loop, and times events from their receipt to that flush. After a
 * flush that took long, because there are many clients, the next one waits as long as that took: events that come in the
 * meantime share one write per client, and half of the time is left for reading. With few clients nothing waits.
 */
export class TickMailroom implements Mailroom {
  readonly counters: OutboxCounters = { frames: 0, bytes: 0, writes: 0, conflated: 0 };
  readonly joiner = new Joiner();
  #dirty: Outbox[] = [];
  #receivedAt: number[] = [];
  #scheduled = false;
  /** No flush before this, on the clock of `performance.now()`. */
  #restUntil = 0;

  constructor(
    readonly limitBytes: number,
    readonly now: () => number,
    private readonly observe: (latencyMs: number) => void,
  ) {}

  schedule(outbox: Outbox): void {
    this.#dirty.push(outbox);
    this.#arm();
  }

  /** An event that is about to be sent. @param receivedAt ms since epoch */
  time(receivedAt: number): void {
    this.#receivedAt.push(receivedAt);
    this.#arm();
  }

  #arm(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const rest = this.#restUntil - performance.now();
    // An immediate runs after all sockets that are readable now have been read: what they bring leaves together.
    if (rest < 1) setImmediate(this.#run);
    else setTimeout(this.#run, rest);
  }

  readonly #run = () => {
    const start = performance.now();
    this.#flush();
    const end = performance.now();
    this.#restUntil = end + Math.min(MAX_REST_MS, end - start);
  };

  #flush(): void {
    this.#scheduled = false;
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const outbox of dirty) outbox.flush();
    this.joiner.clear();
    const now = this.now();
    for (const receivedAt of this.#receivedAt) this.observe(now - receivedAt);
    this.#receivedAt.length = 0;
  }
}
