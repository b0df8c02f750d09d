import { say } from '../venue-error.js';

/** The parameters of one request, read and refused as the venue does. Empty counts as absent. */
export class Params {
  constructor(private readonly query: URLSearchParams) {}

  optional(name: string): string | undefined {
    return this.query.get(name) || undefined;
  }

  /** @throws VenueError 10001 */
  required(name: string): string {
    const text = this.optional(name);
    if (text === undefined) throw say.wrong(`${name} is required`);
    return text;
  }

  /** A whole number, held within the bounds. @throws VenueError 10001 when it is none */
  integer(name: string, byDefault: number, max: number): number {
    const value = this.whole(name);
    return value === undefined ? byDefault : Math.min(max, Math.max(1, value));
  }

  /** A whole number, e.g. a time in ms. @throws VenueError 10001 when it is none */
  whole(name: string): number | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,15}$/.test(text)) throw say.wrong(`${name} invalid`);
    return Number(text);
  }

  /** Rows of a span, newest first: the newest ones of it. @param names of start and end, both included */
  span<R>(
    rows: readonly R[],
    timeOf: (row: R) => number,
    [start, end]: readonly [string, string],
    [byDefault, max]: readonly [number, number],
  ): R[] {
    const [from, until] = [this.whole(start) ?? 0, this.whole(end) ?? Number.POSITIVE_INFINITY];
    const chosen = rows.filter((row) => timeOf(row) >= from && timeOf(row) <= until);
    return chosen.slice(-this.integer('limit', byDefault, max)).reverse();
  }

  /** A page of rows and the cursor of the next one, "" after the last. */
  page<R>(
    rows: readonly R[],
    [byDefault, max]: readonly [number, number],
  ): { readonly rows: readonly R[]; readonly nextPageCursor: string } {
    const limit = this.integer('limit', byDefault, max);
    const start = Number(/^from:(\d+)$/.exec(this.optional('cursor') ?? '')?.[1] ?? 0);
    const end = start + limit;
    return { rows: rows.slice(start, end), nextPageCursor: end < rows.length ? encodeURIComponent(`from:${end}`) : '' };
  }
}
