import { say } from '../venue-error.js';

/** The parameters of one request, read and refused as the venue does. Empty counts as absent. */
export class Params {
  constructor(private readonly query: URLSearchParams) {}

  optional(name: string): string | undefined {
    return this.query.get(name) || undefined;
  }

  /** @throws VenueError 50014 */
  required(name: string): string {
    const text = this.optional(name);
    if (text === undefined) throw say.missing(name);
    return text;
  }

  /** A whole number, held within the bounds. @throws VenueError 51000 when it is none */
  integer(name: string, byDefault: number, max: number): number {
    const text = this.optional(name);
    if (text === undefined) return byDefault;
    if (!/^\d{1,15}$/.test(text)) throw say.wrong(name);
    return Math.min(max, Math.max(1, Number(text)));
  }

  /** A time, ms. @throws VenueError 51000 when it is none */
  time(name: string): number | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,15}$/.test(text)) throw say.wrong(name);
    return Number(text);
  }

  /** The rows of a page, newest first: older than `after`, newer than `before`. */
  page<R>(rows: readonly R[], keyOf: (row: R) => number, [byDefault, max]: readonly [number, number]): R[] {
    const [after, before] = [this.time('after') ?? Number.POSITIVE_INFINITY, this.time('before') ?? Number.NEGATIVE_INFINITY];
    const chosen = rows.filter((row) => keyOf(row) < after && keyOf(row) > before);
    return chosen.slice(-this.integer('limit', byDefault, max)).reverse();
  }
}
