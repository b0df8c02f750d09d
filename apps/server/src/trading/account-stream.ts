import type { User } from './users.js';

/** Where a stream's messages go while a client is there. */
export interface StreamSink {
  send(text: string): void;
  /** Another connection has resumed the stream. */
  onTakenOver(): void;
}

export interface StreamLimits {
  /** Events that are kept for a client that comes back. */
  readonly events: number;
  /** Characters of them. */
  readonly bytes: number;
}

/** An event without the number that it has in one stream. */
export interface Note {
  readonly type: string;
  /** The members after `seq`, as JSON text with the closing brace: the same for every stream. */
  readonly members: string;
}

/**
 * The account events of one client session: numbered without holes, and the last ones kept, so that another connection
 * goes on where one was cut.
 */
export class AccountStream {
  seq = 0;
  /** Since when no client is there, ms; `undefined` while one is. */
  detachedAt: number | undefined;
  /** Keys of orders that were placed in this session. */
  readonly owned = new Set<string>();
  /** Ended with the stream. */
  readonly resources = new Map<string, Disposable>();
  #kept: string[] = [];
  /** Where in `#kept` the first one is that counts; those before it are let go of in blocks. */
  #head = 0;
  /** Number of that one. */
  #first = 1;
  #bytes = 0;
  #sink: StreamSink | undefined;

  /** @param follow `own`: only orders that were placed in this session */
  constructor(
    readonly id: string,
    readonly user: User,
    public follow: 'all' | 'own',
    private readonly limits: StreamLimits,
    now: number,
  ) {
    this.detachedAt = now;
  }

  push({ type, members }: Note): void {
    const text = `{"type":"${type}","seq":${++this.seq},${members}`;
    this.#keep(text);
    this.#sink?.send(text);
  }

  /** Whether everything after `seq` is still there. */
  canResume(after: number): boolean {
    return after <= this.seq && after >= this.#first - 1;
  }

  /** From now on events go to this client, beginning with what it has missed. */
  attach(sink: StreamSink, after: number): void {
    if (this.#sink && this.#sink !== sink) this.#sink.onTakenOver();
    this.#sink = sink;
    this.detachedAt = undefined;
    const from = this.#head + Math.max(0, after + 1 - this.#first);
    for (const text of this.#kept.slice(from)) sink.send(text);
  }

  /** The client is gone; a later one is not concerned. */
  detach(sink: StreamSink, now: number): void {
    if (this.#sink !== sink) return;
    this.#sink = undefined;
    this.detachedAt = now;
  }

  [Symbol.dispose](): void {
    for (const each of this.resources.values()) each[Symbol.dispose]();
    this.resources.clear();
    this.#kept = [];
  }

  #keep(text: string): void {
    this.#kept.push(text);
    this.#bytes += text.length;
    const { events, bytes } = this.limits;
    while (this.#kept.length - this.#head > events || (this.#bytes > bytes && this.#kept.length - this.#head > 1)) {
      this.#bytes -= this.#kept[this.#head]!.length;
      this.#head++;
      this.#first++;
    }
    if (this.#head < 1024 || this.#head * 2 < this.#kept.length) return;
    this.#kept = this.#kept.slice(this.#head);
    this.#head = 0;
  }
}
