import {
  BatchQueue,
  type FeedName,
  type GapEvent,
  keepEvent,
  type Logger,
  type SpeedEvent,
  silentLogger,
} from '@speed-protocol/core';

/** Called synchronously, in order. Views in events are valid during the call; `keepEvent` to keep one. */
export type BusListener = (event: SpeedEvent) => void;

export interface QueueOptions {
  /** `conflate`: the newest event per channel. `lossless`: every event up to `capacity`. */
  readonly policy: 'conflate' | 'lossless';
  readonly capacity?: number | undefined;
  /** What a full lossless queue does; either way it is counted. Default `drop`, with a `gap` event in place of what was lost. */
  readonly overflow?: 'drop' | 'fail' | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BusStats {
  readonly channels: number;
  readonly listeners: number;
  /** Exceptions thrown by listeners. */
  readonly errors: number;
  /** Events dropped and conflated by queues, closed ones included. */
  readonly dropped: number;
  readonly conflated: number;
}

interface Entry {
  readonly listener: BusListener;
  active: boolean;
}

/** One stream of events: a plain loop over its listeners. */
export class BusChannel {
  // Replaced, never changed: a loop that runs keeps the list it began with.
  #entries: readonly Entry[] = [];

  constructor(
    readonly name: string,
    private readonly onError: (channel: string, error: unknown) => void,
  ) {}

  get listenerCount(): number {
    return this.#entries.length;
  }

  /** Calls every listener; one that throws does not keep the event from the others. */
  publish(event: SpeedEvent): void {
    const entries = this.#entries;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      if (!entry.active) continue;
      try {
        entry.listener(event);
      } catch (error) {
        this.onError(this.name, error);
      }
    }
  }

  /** The returned function ends it; calling that twice is the same as once. */
  on(listener: BusListener): () => void {
    const entry: Entry = { listener, active: true };
    this.#entries = [...this.#entries, entry];
    return () => {
      entry.active = false;
      this.#entries = this.#entries.filter((each) => each !== entry);
    };
  }
}

/** Events of one process, by channel name (`trade:binance:BTC/USDT`). Synchronous and ordered; nothing is queued unless asked for. */
export class EventBus {
  readonly #channels = new Map<string, BusChannel>();
  readonly #queues = new Set<BatchQueue<SpeedEvent>>();
  readonly #closed = { dropped: 0, conflated: 0 };
  #errors = 0;

  constructor(private readonly logger: Logger = silentLogger) {}

  /** The channel of this name, made at first use. Publishers keep it: publishing then looks nothing up. */
  channel(name: string): BusChannel {
    const known = this.#channels.get(name);
    if (known) return known;
    const made = new BusChannel(name, (channel, error) => this.#onError(channel, error));
    this.#channels.set(name, made);
    return made;
  }

  on(name: string, listener: BusListener): () => void {
    return this.channel(name).on(listener);
  }

  /** The events of several channels as batches, for consumers that wait. */
  queue(names: readonly string[], { overflow, ...options }: QueueOptions): BatchQueue<SpeedEvent> {
    const stops: (() => void)[] = [];
    const onClose = () => {
      for (const stop of stops) stop();
      this.#forget(queue);
    };
    const queue: BatchQueue<SpeedEvent> = new BatchQueue({ ...options, overflow, keep: keepEvent, gap: overflowGap, onClose });
    this.#queues.add(queue);
    for (const name of names) stops.push(this.on(name, (event) => queue.push(event, name)));
    return queue;
  }

  /** Forgets a channel that nobody listens to any more. */
  release(name: string): void {
    if (this.#channels.get(name)?.listenerCount === 0) this.#channels.delete(name);
  }

  stats(): BusStats {
    const sum = { ...this.#closed };
    for (const { dropped, conflated } of this.#queues) {
      sum.dropped += dropped;
      sum.conflated += conflated;
    }
    const listeners = [...this.#channels.values()].reduce((total, { listenerCount }) => total + listenerCount, 0);
    return { channels: this.#channels.size, listeners, errors: this.#errors, ...sum };
  }

  #forget(queue: BatchQueue<SpeedEvent>): void {
    if (!this.#queues.delete(queue)) return;
    this.#closed.dropped += queue.dropped;
    this.#closed.conflated += queue.conflated;
  }

  #onError(channel: string, error: unknown): void {
    this.#errors++;
    // A listener that throws on every event must not fill the log: the 1st, 2nd, 4th, 8th ... time.
    if (Number.isInteger(Math.log2(this.#errors))) {
      this.logger.error({ channel, err: error, errors: this.#errors }, 'a listener threw; the event went on to the others');
    }
  }
}

function overflowGap(_dropped: number, last: SpeedEvent): GapEvent {
  const { venue, symbol, venueSymbol, venueTime, receivedAt } = last;
  const feed: FeedName = last.type === 'gap' ? last.feed : last.type;
  return { type: 'gap', feed, reason: 'overflow', venue, symbol, venueSymbol, venueTime, receivedAt };
}
