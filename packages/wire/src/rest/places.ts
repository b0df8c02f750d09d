import { type Clock, SpeedError } from '@speed-protocol/core';
import { LANES, type Lane } from './gate.js';

interface Waiter {
  /** Lets it go, or sends it away with the error. */
  end(error?: SpeedError): void;
}

export interface EnterOptions {
  readonly lane: Lane;
  readonly maxWaitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Places on a pool of connections. A request waits here and not in the pool: so it is signed when it leaves, and the more
 * urgent goes first.
 */
export class Places {
  readonly #queues: Readonly<Record<Lane, Waiter[]>> = { cancel: [], amend: [], place: [], read: [] };
  #free: number;

  constructor(
    private readonly clock: Clock,
    size: number,
  ) {
    this.#free = size;
  }

  /** Takes a place that is free. */
  tryEnter(): boolean {
    if (this.#free === 0) return false;
    this.#free--;
    return true;
  }

  /** Waits for a place. @throws SpeedError `timeout`, `aborted`; nothing was sent */
  enter({ lane, maxWaitMs, signal }: EnterOptions): Promise<void> {
    if (signal?.aborted) return Promise.reject(unsent('aborted', 'aborted by the caller'));
    return new Promise((resolve, reject) => {
      const queue = this.#queues[lane];
      const waiter: Waiter = {
        end: (error) => {
          stopTimer();
          signal?.removeEventListener('abort', onAbort);
          if (error) reject(error);
          else resolve();
        },
      };
      const drop = (error: SpeedError) => {
        queue.splice(queue.indexOf(waiter), 1);
        waiter.end(error);
      };
      const onAbort = () => drop(unsent('aborted', 'aborted by the caller'));
      const stopTimer = this.clock.schedule(maxWaitMs, () =>
        drop(unsent('timeout', `no connection was free within ${maxWaitMs} ms`)),
      );
      queue.push(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Gives a place to whoever waits for it, most urgent first. */
  leave(): void {
    for (const lane of LANES) {
      const next = this.#queues[lane].shift();
      if (!next) continue;
      next.end();
      return;
    }
    this.#free++;
  }

  /** Sends everybody away. */
  close(): void {
    for (const lane of LANES) {
      for (const waiter of this.#queues[lane].splice(0)) waiter.end(unsent('aborted', 'this client is closed'));
    }
  }
}

function unsent(kind: 'aborted' | 'timeout', why: string): SpeedError {
  return new SpeedError(kind, `${why}; nothing was sent`, { outcomeKnown: true });
}
