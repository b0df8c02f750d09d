import { closeSync, openSync, readSync } from 'node:fs';

/** Looks further apart than this are worth asking the kernel about, ms. */
const GAP_MS = 0.02;
/** Waiting for a processor longer than this spoils what was due meanwhile, ms. */
const WAIT_MS = 0.002;

/**
 * Tells whether this thread was kept from a processor by others: Linux counts how long it stood in the run queue. What was due
 * meanwhile says nothing of the program. Elsewhere: never.
 */
export class Preemption {
  readonly #file = open();
  readonly #buffer = Buffer.alloc(64);
  #waited = 0;
  #last = performance.now();

  constructor() {
    this.#waited = this.#read();
  }

  /** Call at every look at the clock; asks the kernel only when the last one was long ago. */
  happened(now: number): boolean {
    const gap = now - this.#last;
    this.#last = now;
    if (gap < GAP_MS) return false;
    const waited = this.#read();
    const isLong = waited - this.#waited > WAIT_MS;
    this.#waited = waited;
    return isLong;
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }

  /** ms in the run queue so far: the second of three numbers. */
  #read(): number {
    if (this.#file === undefined) return 0;
    const length = readSync(this.#file, this.#buffer, 0, this.#buffer.length, 0);
    return Number(this.#buffer.toString('latin1', 0, length).split(' ')[1]) / 1e6;
  }
}

function open(): number | undefined {
  try {
    return openSync('/proc/thread-self/schedstat', 'r');
  } catch {
    return undefined;
  }
}
