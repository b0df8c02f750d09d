import type { Recordings } from '../recordings.js';

/** Recordings that clients have asked for: one goes on while anybody wants it. */
export class SharedRecordings {
  readonly #wanted = new Map<string, number>();

  constructor(private readonly control: Recordings) {}

  /** @throws SpeedError as the recording says; nothing is wanted then */
  async lease(venue: string, symbol: string): Promise<void> {
    const key = `${venue} ${symbol}`;
    const isOurs = this.#wanted.has(key) || !this.#isRecorded(venue, symbol);
    // What others record goes on without us.
    if (!isOurs) return;
    this.#wanted.set(key, (this.#wanted.get(key) ?? 0) + 1);
    try {
      await this.control.start(venue, symbol, undefined, {});
    } catch (error) {
      this.#forget(key);
      throw error;
    }
  }

  async release(venue: string, symbol: string): Promise<void> {
    const key = `${venue} ${symbol}`;
    if (this.#wanted.has(key) && this.#forget(key)) await this.control.stop(venue, symbol);
  }

  #isRecorded(venue: string, symbol: string): boolean {
    return this.control.status.symbols.some((each) => each.venue === venue && each.symbol === symbol);
  }

  /** True when nobody wants it any more. */
  #forget(key: string): boolean {
    const left = (this.#wanted.get(key) ?? 1) - 1;
    if (left > 0) this.#wanted.set(key, left);
    else this.#wanted.delete(key);
    return left <= 0;
  }
}
