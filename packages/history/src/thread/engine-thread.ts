import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Logger, SpeedError } from '@speed-protocol/core';
import { type Batch, type Chunk, ONCE } from '../batch/chunk.js';
import type { EngineStatus, Maintenance, Opening } from '../engine.js';
import type { RowStore } from '../writer.js';
import { type Call, fromPlain, type Hello, type Line, type Reply, type SharedChunk, type ThreadOptions } from './messages.js';

interface Waiting {
  readonly resolve: (value: number | undefined) => void;
  readonly reject: (error: Error) => void;
}

export interface EngineThreadOptions extends ThreadOptions {
  /** The thread's entry; default: the one of this package. */
  readonly entry?: URL | string | undefined;
  /** What the thread has to say. */
  readonly logger?: Logger | undefined;
}

/** The engine in a thread of its own; the same interface, rows stay where they are. */
export class EngineThread implements RowStore {
  readonly opening: Opening;
  #status: EngineStatus;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** Numbers of the chunks that the thread has, and how many streams it knows. */
  readonly #shared = new Set<number>();
  #streams = 0;
  #id = 0;
  #closed: Promise<void> | undefined;

  private constructor(worker: Worker, { opening, status }: Extract<Hello, { opening: unknown }>, logger: Logger | undefined) {
    this.#worker = worker;
    this.opening = opening;
    this.#status = status;
    worker.on('message', (message: Reply | { line: Line }) => {
      if ('line' in message) say(logger, message.line);
      else this.#settle(message);
    });
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new SpeedError('unavailable', 'The thread that writes the log has ended.')));
  }

  /** @throws SpeedError as the engine's own `open` does */
  static async open(options: EngineThreadOptions): Promise<EngineThread> {
    const { entry = new URL('./worker.js', import.meta.url), logger, ...workerData } = options;
    const worker = new Worker(entry, { workerData });
    const hello = await firstHello(worker, logger);
    if ('error' in hello) {
      await worker.terminate();
      throw fromPlain(hello.error);
    }
    return new EngineThread(worker, hello, logger);
  }

  get status(): EngineStatus {
    return this.#status;
  }

  async append({ streams, chunks }: Batch): Promise<void> {
    const fresh = streams.length === this.#streams ? NONE : streams.slice(this.#streams);
    this.#streams = streams.length;
    await this.#call({ op: 'append', streams: fresh, chunks: chunks.map((chunk) => this.#share(chunk)) });
  }

  /** The memory goes along once. */
  #share({ number, length, data }: Chunk): SharedChunk {
    if (number !== ONCE && this.#shared.has(number)) return { number, length };
    this.#shared.add(number);
    return { number, length, buffer: data.buffer };
  }

  async sealIfDue(): Promise<void> {
    await this.#call({ op: 'sealIfDue' });
  }

  async rollNow(): Promise<void> {
    await this.#call({ op: 'rollNow' });
  }

  async maintain(maintenance: Maintenance): Promise<number> {
    return (await this.#call({ op: 'maintain', maintenance })) ?? 0;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const exited = once(this.#worker, 'exit');
    await this.#call({ op: 'close' });
    await exited;
  }

  #call(call: Call): Promise<number | undefined> {
    const id = this.#id++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call });
    });
  }

  #settle({ id, value, status, error }: Reply): void {
    this.#status = status;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error !== undefined) waiting?.reject(fromPlain(error));
    else waiting?.resolve(value);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** The first message that is no line for the logger. */
async function firstHello(worker: Worker, logger: Logger | undefined): Promise<Hello> {
  for (;;) {
    const [message] = (await once(worker, 'message')) as [Hello | { line: Line }];
    if (!('line' in message)) return message;
    say(logger, message.line);
  }
}

/** No new streams: what nearly every commit has. */
const NONE: readonly [] = [];

const say = (logger: Logger | undefined, { level, fields, message }: Line) => logger?.[level](fields, message);
