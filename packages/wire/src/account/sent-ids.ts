import { SpeedError } from '@speed-protocol/core';

/** Ids that are remembered; some megabytes at most. */
const REMEMBERED = 100_000;

/** Client order ids that have been sent, where the venue itself would take one again and make a second order of it. */
export class SentIds {
  readonly #ids = new Set<string>();

  constructor(private readonly venue: string) {}

  /** Notes an id as sent; the error that says why it may not be sent again. */
  claim(id: string): SpeedError | undefined {
    const { venue } = this;
    if (this.#ids.has(id)) {
      const why = `${venue}: the client order id "${id}" has been sent before, and the venue would make a second order of it`;
      return new SpeedError('duplicate', `${why}; nothing was sent: ask what became of the first one`, {
        venue,
        outcomeKnown: true,
      });
    }
    this.#ids.add(id);
    if (this.#ids.size > REMEMBERED) for (const oldest of this.#ids) return void this.#ids.delete(oldest);
    return undefined;
  }

  /** It is proven that there is no order with this id. */
  release(id: string): void {
    this.#ids.delete(id);
  }
}
