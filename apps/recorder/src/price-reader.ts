import { Worker } from 'node:worker_threads';
import { type Persister, SpeedError } from '@speed-protocol/core';
import { fromPlain, type PlainError, Recording } from '@speed-protocol/history';
import { type PriceQuery, type RecordedPrices, readPrices } from './prices.js';

/** What the thread needs to open the store by itself: only what can be copied. */
export interface PriceStore {
  /** URL of the module whose default export is the persister's manifest. */
  readonly persister: string;
  readonly location: string;
  readonly config: object | undefined;
}

/** To the thread: a query, or the number of one that nobody waits for any more. */
export type PriceRequest = { readonly id: number; readonly query: PriceQuery } | { readonly abandon: number };
export type PriceReply = { readonly id: number } & ({ readonly prices: RecordedPrices } | { readonly error: PlainError });

interface Waiting {
  resolve(prices: RecordedPrices): void;
  reject(error: unknown): void;
}

/** A thread that was not asked anything for so long ends: it holds a decoder and what it has read. */
const IDLE_MS = 30_000;

/** Reads prices in a thread of its own: decoding an hour of books takes longer than an order may wait. */
export class PriceReader implements AsyncDisposable {
  readonly #store: PriceStore;
  readonly #entry: URL | string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #id = 0;

  /** @param entry the thread's module; default: the one of this package */
  constructor(store: PriceStore, entry: URL | string = new URL('./price-worker.js', import.meta.url)) {
    this.#store = store;
    this.#entry = entry;
  }

  read(query: PriceQuery, signal?: AbortSignal): Promise<RecordedPrices> {
    signal?.throwIfAborted();
    const id = this.#id++;
    const worker = this.#start();
    const abandon = () => {
      worker.postMessage({ abandon: id } satisfies PriceRequest);
      this.#settle(id, ({ reject }) =>
        reject(new SpeedError('aborted', 'The operation was aborted.', { cause: signal?.reason })),
      );
    };
    signal?.addEventListener('abort', abandon, { once: true });
    return new Promise<RecordedPrices>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, query } satisfies PriceRequest);
    }).finally(() => signal?.removeEventListener('abort', abandon));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    clearTimeout(this.#idle);
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(this.#entry, { workerData: this.#store });
    this.#worker = worker;
    // It must not keep a process alive that has nothing else to do.
    worker.unref();
    worker.on('message', (reply: PriceReply) => {
      this.#settle(reply.id, ({ resolve, reject }) =>
        'prices' in reply ? resolve(reply.prices) : reject(fromPlain(reply.error)),
      );
    });
    worker.on('error', (error) => this.#ended(worker, error));
    worker.on('exit', () => this.#ended(worker, new SpeedError('unavailable', 'The thread that reads recordings has ended.')));
    return worker;
  }

  #settle(id: number, tell: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting !== undefined) tell(waiting);
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this[Symbol.asyncDispose](), IDLE_MS).unref();
  }

  #ended(worker: Worker, error: Error): void {
    if (this.#worker === worker) this.#worker = undefined;
    for (const id of [...this.#waiting.keys()]) this.#settle(id, ({ reject }) => reject(error));
  }
}

/** The same in this thread. */
export async function readPricesFrom(store: Persister, query: PriceQuery, signal?: AbortSignal): Promise<RecordedPrices> {
  const recording = await Recording.open(store).catch((error: unknown) => {
    if (SpeedError.is(error, 'not-found') && query.recent.length > 0) return undefined;
    throw error;
  });
  return readPrices(recording, query, signal);
}
