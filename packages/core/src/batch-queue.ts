import { SpeedError } from './errors.js';

export interface BatchQueueOptions<E> {
  /** `conflate`: a newer event replaces an unread older one of the same key. `lossless`: every event, up to `capacity`. */
  readonly policy: 'conflate' | 'lossless';
  /** Unread events (or keys) at most; default 1024. */
  readonly capacity?: number | undefined;
  /** When full: `drop` what comes, count it and put a `gap` in its place; or `fail` the iteration. Default `drop`. */
  readonly overflow?: 'drop' | 'fail' | undefined;
  /** The event that stands where events were dropped. */
  readonly gap?: ((dropped: number, last: E) => E) | undefined;
  /** Makes an event that may be kept; `keepEvent` where events hold views. */
  readonly keep?: ((event: E) => E) | undefined;
  /** Ends the iteration with an error of kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Called once when the consumer stops or the queue ends. */
  readonly onClose?: (() => void) | undefined;
}

/**
 * From callbacks to async iteration, in batches, without an unbounded queue: one consumer, who gets everything that
 * came since it last asked. What did not fit is counted and visible.
 */
export class BatchQueue<E> implements AsyncIterable<E[]>, AsyncIterator<E[], undefined> {
  /** Events lost because the consumer was slow. */
  dropped = 0;
  /** Events replaced by a newer one before they were read. */
  conflated = 0;

  #events: E[] = [];
  readonly #slots = new Map<unknown, number>();
  readonly #options: BatchQueueOptions<E>;
  readonly #capacity: number;
  #lost = 0;
  #lastLost: E | undefined;
  #closed = false;
  #error: unknown;
  #wake: (() => void) | undefined;
  readonly #onAbort = () => this.end(new SpeedError('aborted', 'The iteration was aborted by its signal'));

  constructor(options: BatchQueueOptions<E>) {
    this.#options = options;
    this.#capacity = options.capacity ?? 1024;
    if (options.signal?.aborted) queueMicrotask(this.#onAbort);
    else options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get size(): number {
    return this.#events.length;
  }

  /** @param key under `conflate`: what replaces what; without one everything is the same state */
  push(event: E, key?: unknown): void {
    if (this.#closed) return;
    if (this.#options.policy === 'conflate') this.#pushState(event, key);
    else this.#append(event);
    this.#wake?.();
  }

  /** No more events; what is queued can still be read, then the iteration ends, or throws `error`. */
  end(error?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#error = error;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#options.onClose?.();
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<E[], undefined>> {
    while (this.#events.length === 0 && this.#lost === 0) {
      if (this.#closed) return this.#finish();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    return { done: false, value: this.#take() };
  }

  async return(): Promise<IteratorResult<E[], undefined>> {
    this.#events = [];
    this.#lost = 0;
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #pushState(event: E, key: unknown): void {
    const slot = this.#slots.get(key);
    if (slot !== undefined) {
      this.#events[slot] = this.#keep(event);
      this.conflated++;
    } else if (this.#append(event)) {
      this.#slots.set(key, this.#events.length - 1);
    }
  }

  #append(event: E): boolean {
    if (this.#events.length < this.#capacity) {
      this.#events.push(this.#keep(event));
      return true;
    }
    this.dropped++;
    if (this.#options.overflow === 'fail') {
      this.end(overflowError(this.#capacity));
    } else {
      this.#lost++;
      this.#lastLost = this.#keep(event);
    }
    return false;
  }

  #keep(event: E): E {
    return this.#options.keep ? this.#options.keep(event) : event;
  }

  #take(): E[] {
    const batch = this.#events;
    this.#events = [];
    this.#slots.clear();
    if (this.#lost > 0 && this.#options.gap) batch.push(this.#options.gap(this.#lost, this.#lastLost as E));
    this.#lost = 0;
    return batch;
  }

  #finish(): IteratorResult<E[], undefined> {
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error;
    return { done: true, value: undefined };
  }
}

const overflowError = (capacity: number): SpeedError =>
  new SpeedError(
    'unavailable',
    `The consumer fell ${capacity} events behind; read faster, raise the capacity, or choose "conflate"`,
  );
