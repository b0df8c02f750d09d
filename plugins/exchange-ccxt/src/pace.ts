import { type Clock, SpeedError } from '@speed-protocol/core';
import { sleep } from '@speed-protocol/wire';

/** A call that would wait longer is refused at once. */
const LONGEST_WAIT_MS = 90_000;
const DEFAULT_BAN_MS = 60_000;

/** ccxt's own rule (every call costs its weight times `rateLimit` ms), on our clock, and one for all clients of an account. */
export class Pace {
  #free = 0;

  constructor(
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Waits for its turn.
   * @param ms what the call costs
   * @throws SpeedError `rate-limited` when that would take too long, `aborted`; nothing was sent either way
   */
  async take(ms: number): Promise<void> {
    const now = this.clock.now();
    const start = Math.max(now, this.#free);
    const waitMs = start - now;
    if (waitMs > LONGEST_WAIT_MS) {
      const message = `the turn would come in ${Math.ceil(waitMs / 1000)} s, which is too long; nothing was sent`;
      throw new SpeedError('rate-limited', message, { retryAfterMs: waitMs });
    }
    this.#free = start + ms;
    if (waitMs > 0) await this.#sleep(waitMs);
    // A pause may have been ordered meanwhile; those who were waiting respect it too.
    if (this.#pausedUntil > this.clock.now()) await this.#sleep(this.#pausedUntil - this.clock.now());
  }

  /** The exchange said "not before". */
  pause(ms = DEFAULT_BAN_MS): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.clock.now() + ms);
    this.#free = Math.max(this.#free, this.#pausedUntil);
  }

  #pausedUntil = 0;

  async #sleep(ms: number): Promise<void> {
    try {
      await sleep(this.clock, ms, this.signal);
    } catch (cause) {
      throw new SpeedError('aborted', 'aborted before it was sent', { cause, outcomeKnown: true });
    }
  }
}
