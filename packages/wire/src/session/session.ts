import type { ConnectionStatus } from '@speed-protocol/core';
import { DEFAULT_TIMINGS, type SessionOptions, type SessionTimings } from './options.js';
import { Slot } from './slot.js';
import type { Topic } from './topic.js';

/** Topics on one kind of socket: as many connections as their number needs. */
export interface Session {
  /** Wants a topic from now on, through every reconnect, until it is removed. Opens a connection when needed. */
  add(topic: Topic): void;
  /** Wants it no more. Removing twice is the same as once. */
  remove(topic: Topic): void;
  /** Drops the venue's subscription and makes a new one, e.g. to be sent a fresh snapshot. */
  renew(topic: Topic): void;
  connections(): readonly ConnectionStatus[];
  /** Closes every connection; settles when they are gone. */
  close(): Promise<void>;
}

/**
 * Opens a session. No connection is made before the first topic, and none is kept long without one.
 * @param options timings may be given in part
 */
export function openSession(options: Omit<SessionOptions, 'timings'> & { readonly timings?: Partial<SessionTimings> }): Session {
  return new SlotSession({ ...options, timings: { ...DEFAULT_TIMINGS, ...options.timings } });
}

/** A tick this many periods late judges nothing. */
const LATE_TICKS = 4;

class SlotSession implements Session {
  private slots: Slot[] = [];
  private opened = 0;
  private cancelTick: (() => void) | undefined;
  private closed = false;

  constructor(private readonly options: SessionOptions) {}

  add(topic: Topic): void {
    if (this.closed) return;
    const slot = this.slots.find((candidate) => !candidate.isFull) ?? this.openSlot();
    slot.add(topic);
    this.tickLater();
  }

  remove(topic: Topic): void {
    for (const slot of this.slots) slot.remove(topic);
  }

  renew(topic: Topic): void {
    for (const slot of this.slots) slot.renew(topic);
  }

  connections(): readonly ConnectionStatus[] {
    return this.slots.map((slot) => slot.status());
  }

  async close(): Promise<void> {
    this.closed = true;
    this.cancelTick?.();
    await Promise.all(this.slots.map((slot) => slot.close()));
  }

  private openSlot(): Slot {
    const slot = new Slot(`${this.options.spec.name}#${++this.opened}`, this.options);
    this.slots.push(slot);
    return slot;
  }

  private tickLater(): void {
    if (this.cancelTick || this.closed || this.slots.length === 0) return;
    const { clock, timings } = this.options;
    const due = clock.now() + timings.tickMs;
    this.cancelTick = clock.schedule(timings.tickMs, () => {
      this.cancelTick = undefined;
      const now = clock.now();
      // After a sleep or a blocked event loop, first read what has arrived meanwhile: it may be the proof of life.
      if (now - due <= LATE_TICKS * timings.tickMs) this.tick(now);
      this.tickLater();
    });
  }

  private tick(now: number): void {
    const idle = this.slots.filter((slot) => slot.isIdle(now));
    if (idle.length > 0) this.slots = this.slots.filter((slot) => !idle.includes(slot));
    for (const slot of idle) void slot.close();
    for (const slot of this.slots) slot.tick(now);
  }
}
