import { type Clock, SpeedError, type SubscriptionState } from '@speed-protocol/core';
import type { Listener } from './listeners.js';

/** Something that many listeners share: a streamed topic or a polled endpoint. */
export interface Source {
  readonly key: string;
  readonly state: SubscriptionState;
  readonly lifetime: Lifetime;
  readonly isUnused: boolean;
  join(listener: Listener): void;
  leave(listener: Listener): void;
  start(): void;
  /** Ends it; nobody listens any more. */
  stop(): void;
}

/** When a source is ready, and when and why it ended. */
export class Lifetime {
  /** The last thing that stood in the way of getting ready. */
  problem: SpeedError | undefined;
  private outcome: 'ready' | SpeedError | undefined;
  // Callbacks, not promises: a promise that lives as long as the source would keep every waiter for ever.
  private readonly waiting = new Set<(outcome: 'ready' | SpeedError) => void>();
  private readonly mourners = new Set<(error: SpeedError | undefined) => void>();

  ready(): void {
    this.tell('ready');
  }

  end(error?: SpeedError): void {
    this.tell(error ?? new SpeedError('aborted', 'the subscription was closed', { outcomeKnown: true }));
    for (const mourn of [...this.mourners]) mourn(error);
    this.mourners.clear();
  }

  /** Calls `run` whenever the source gets ready. */
  onReady(run: () => void): void {
    this.waiting.add((outcome) => outcome === 'ready' && run());
  }

  /** Calls `run` when the source ends, with the reason where it cannot heal. The returned function forgets it. */
  onEnd(run: (error: SpeedError | undefined) => void): () => void {
    this.mourners.add(run);
    return () => this.mourners.delete(run);
  }

  /**
   * Settles when the source is ready.
   * @throws SpeedError the venue's refusal; `aborted`; `connection` after `timeoutMs`, naming the last problem
   */
  whenReady(clock: Clock, timeoutMs: number, signal: AbortSignal | undefined, what: string): Promise<void> {
    const { outcome } = this;
    if (outcome !== undefined) return outcome === 'ready' ? Promise.resolve() : Promise.reject(outcome);
    return new Promise((resolve, reject) => {
      const finish = (result: 'ready' | SpeedError) => {
        this.waiting.delete(finish);
        cancel();
        signal?.removeEventListener('abort', onAbort);
        if (result === 'ready') resolve();
        else reject(result);
      };
      const onAbort = () => finish(abortedError(what));
      const cancel = clock.schedule(timeoutMs, () => finish(this.timedOut(what, timeoutMs)));
      signal?.addEventListener('abort', onAbort, { once: true });
      this.waiting.add(finish);
    });
  }

  private tell(outcome: 'ready' | SpeedError): void {
    if (this.outcome !== undefined && this.outcome !== 'ready') return;
    this.outcome = outcome;
    for (const finish of [...this.waiting]) finish(outcome);
  }

  private timedOut(what: string, timeoutMs: number): SpeedError {
    const why = this.problem ? `: ${this.problem.message}` : '; the venue did not acknowledge it';
    return new SpeedError('connection', `${what} was not live after ${timeoutMs} ms${why}`, { cause: this.problem });
  }
}

export function abortedError(what: string): SpeedError {
  return new SpeedError('aborted', `subscription to ${what} was aborted`, { outcomeKnown: true });
}
