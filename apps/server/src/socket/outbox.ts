import type { Duplex } from 'node:stream';
import type { Joiner } from './joiner.js';

/** Counted over all clients. */
export interface OutboxCounters {
  /** Frames handed to sockets. */
  frames: number;
  bytes: number;
  /** Writes that carried them. */
  writes: number;
  /** States replaced by newer ones because a client lagged. */
  conflated: number;
}

/** What all outboxes of a server share. */
export interface Mailroom {
  readonly counters: OutboxCounters;
  readonly joiner: Joiner;
  /** Unsent lossless bytes per client at most. */
  readonly limitBytes: number;
  now(): number;
  /** Has {@link Outbox.flush} called at the end of this tick. */
  schedule(outbox: Outbox): void;
}

/** Something that waits for a client that lags; the frame of a state is replaced by a newer one. */
interface Waiting {
  frame: Buffer;
  /** Counts against the limit. */
  lossless: boolean;
}

/** So much is handed to the socket at a time; what waits behind it still conflates and counts. */
const CHUNK_BYTES = 256 << 10;
const NOTHING = Buffer.alloc(0);

/**
 * What is to be sent to one client. While the client reads, frames collect until the end of the tick and leave in one write.
 * While it does not (the kernel takes no more), states conflate by key and events queue up to a bound.
 */
export class Outbox {
  /** Since when the socket has not drained, ms; `undefined` while it keeps up. */
  laggingSince: number | undefined;
  readonly #frames: Buffer[] = [];
  #backlog: Waiting[] = [];
  #backlogBytes = 0;
  readonly #states = new Map<object, Waiting>();
  #closed = false;

  constructor(
    private readonly socket: Duplex,
    private readonly mailroom: Mailroom,
    private readonly onOverflow: () => void,
  ) {}

  /** A newer state of the same key replaces this one if it has not left yet. */
  pushState(frame: Buffer, key: object): void {
    if (this.laggingSince === undefined) this.#pushNow(frame);
    else this.#replace(frame, key);
  }

  /** Leaves in order and is never dropped. @param key whose waiting state stays as it is, because this event comes after it */
  pushEvent(frame: Buffer, key?: object): void {
    if (this.laggingSince === undefined) {
      this.#pushNow(frame);
    } else {
      if (key) this.#freeze(key);
      this.#backlog.push({ frame, lossless: true });
      this.#count(frame.length);
    }
  }

  /** Forgets a waiting state: the client does not want the channel any more. */
  forget(key: object): void {
    const waiting = this.#states.get(key);
    if (!waiting) return;
    this.#states.delete(key);
    this.#backlog = this.#backlog.filter((each) => each !== waiting);
  }

  /** Writes what this tick brought. */
  flush(): void {
    const frames = this.#frames;
    if (frames.length === 0) return;
    if (frames.length === 1 || sizeOf(frames) <= CHUNK_BYTES) this.#write(frames);
    else this.#queue(frames);
    frames.length = 0;
  }

  /** Drops everything; nothing is written any more. */
  close(): void {
    this.#closed = true;
    this.#frames.length = 0;
    this.#backlog = [];
    this.#states.clear();
  }

  #pushNow(frame: Buffer): void {
    if (this.#closed) return;
    if (this.#frames.length === 0) this.mailroom.schedule(this);
    this.#frames.push(frame);
  }

  #replace(frame: Buffer, key: object): void {
    const known = this.#states.get(key);
    if (known) {
      known.frame = frame;
      this.mailroom.counters.conflated++;
    } else if (!this.#closed) {
      const waiting: Waiting = { frame, lossless: false };
      this.#states.set(key, waiting);
      this.#backlog.push(waiting);
    }
  }

  #freeze(key: object): void {
    const waiting = this.#states.get(key);
    if (!waiting) return;
    this.#states.delete(key);
    waiting.lossless = true;
    this.#count(waiting.frame.length);
  }

  #count(bytes: number): void {
    this.#backlogBytes += bytes;
    if (this.#backlogBytes > this.mailroom.limitBytes && !this.#closed) this.onOverflow();
  }

  /** A turn that brought more than fits into one write. */
  #queue(frames: readonly Buffer[]): void {
    for (const frame of frames) {
      this.#backlog.push({ frame, lossless: true });
      this.#backlogBytes += frame.length;
    }
    this.#onDrained();
    if (!this.#closed) this.#count(0);
  }

  #write(frames: readonly Buffer[]): void {
    const { counters, joiner } = this.mailroom;
    const bytes = joiner.join(frames);
    counters.frames += frames.length;
    counters.bytes += bytes.length;
    counters.writes++;
    this.socket.write(bytes);
    if (this.socket.writableLength > 0) this.#lag();
  }

  /** The kernel did not take everything. An empty write behind it tells when it has ("drain" would not, for small amounts). */
  #lag(): void {
    this.laggingSince = this.mailroom.now();
    this.socket.write(NOTHING, (error) => {
      if (!error) this.#onDrained();
    });
  }

  /** Writes what waited, until the kernel takes no more again. */
  #onDrained(): void {
    this.laggingSince = undefined;
    while (this.laggingSince === undefined && this.#backlog.length > 0 && !this.#closed) this.#write(this.#takeChunk());
  }

  #takeChunk(): Buffer[] {
    const frames: Buffer[] = [];
    let bytes = 0;
    while (frames.length < this.#backlog.length && bytes < CHUNK_BYTES) {
      const { frame, lossless } = this.#backlog[frames.length]!;
      if (lossless) this.#backlogBytes -= frame.length;
      bytes += frame.length;
      frames.push(frame);
    }
    const taken = new Set(this.#backlog.splice(0, frames.length));
    for (const [key, waiting] of this.#states) if (taken.has(waiting)) this.#states.delete(key);
    return frames;
  }
}

function sizeOf(frames: readonly Buffer[]): number {
  let bytes = 0;
  for (const frame of frames) bytes += frame.length;
  return bytes;
}
