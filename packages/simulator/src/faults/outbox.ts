import type { Clock } from '@speed-protocol/core';

/** Messages of one connection on their way out: usually none wait; while some do, all later ones queue behind them. */
export class Outbox {
  readonly #clock: Clock;
  readonly #waiting: { readonly at: number; readonly release: () => void }[] = [];
  #stalledUntil = 0;
  /** Messages taken out of line, by topic: they go out after the next one of that topic. */
  readonly #held = new Map<string, Buffer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get stalled(): boolean {
    return this.#clock.now() < this.#stalledUntil;
  }

  stall(ms: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, this.#clock.now() + ms);
  }

  /** Sends a message `delayMs` from now, not before what waits already. */
  push(data: Buffer, delayMs: number, write: (data: Buffer) => void): void {
    const at = Math.max(this.#clock.now() + delayMs, this.#stalledUntil, this.#waiting.at(-1)?.at ?? 0);
    if (at <= this.#clock.now() && this.#waiting.length === 0) {
      write(data);
      return;
    }
    this.#waiting.push({ at, release: () => write(data) });
    if (this.#waiting.length === 1) this.#awaitFirst();
  }

  /** Takes a message out of line. @returns false when one of this topic is out already */
  hold(topic: string, data: Buffer): boolean {
    if (this.#held.has(topic)) return false;
    this.#held.set(topic, data);
    return true;
  }

  /** The message that was taken out of line, due after one of its topic. */
  takeHeld(topic: string): Buffer | undefined {
    const data = this.#held.get(topic);
    this.#held.delete(topic);
    return data;
  }

  #awaitFirst(): void {
    // A stall that began while it waited holds it for longer: silence is silence.
    const wait = Math.max(this.#waiting[0]!.at, this.#stalledUntil) - this.#clock.now();
    this.#clock.schedule(wait, () => {
      while (!this.stalled && this.#waiting[0] && this.#waiting[0].at <= this.#clock.now()) this.#waiting.shift()!.release();
      if (this.#waiting.length > 0) this.#awaitFirst();
    });
  }
}
