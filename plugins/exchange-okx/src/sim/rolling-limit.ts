import { say } from './venue-error.js';

/** So many requests in any two seconds, per address and route. */
export class RollingLimit {
  readonly #times = new Map<string, number[]>();

  constructor(
    private readonly windowMs: number,
    /** Multiplies every limit. */
    private readonly factor: number,
  ) {}

  /**
   * @param now of a clock that nobody sets: spans are of time that has passed
   * @throws VenueError 50011 when there have been too many
   */
  take(key: string, limit: number, now: number, units = 1): void {
    const times = this.#times.get(key) ?? [];
    this.#times.set(key, times);
    while (times.length > 0 && times[0]! <= now - this.windowMs) times.shift();
    if (times.length + units > limit * this.factor) throw say.tooMany();
    for (let unit = 0; unit < units; unit++) times.push(now);
  }
}
