import type { CallOptions } from '@speed-protocol/core';

/** A span of history: `since` and `until` in ms, both included; at most `limit` rows. */
export interface HistoryOptions extends CallOptions {
  readonly since?: number;
  readonly until?: number;
  readonly limit?: number;
}

/** What one request asks for; both ends included, ms. */
export interface Span {
  readonly since?: number;
  readonly until?: number;
  readonly limit?: number;
}

/** How a venue serves one kind of history. */
export interface HistorySource<R> {
  /** `oldest`: the first rows of a span come first. `newest`: the last ones of it. Rows come in either order. */
  readonly from: 'oldest' | 'newest';
  /** Rows of one request at most. */
  readonly page: number;
  /** `oldest`: rows that come at most when no start is given, the newest ones. */
  readonly newest?: number;
  /** `oldest`: the longest time between two rows, ms. `newest`: the shortest. */
  readonly spacingMs: number;
  timeOf(row: R): number;
  fetch(span: Span): Promise<readonly R[]>;
}

/**
 * Rows of a span, oldest first. With `since` the first ones from there, else the newest ones up to `until`.
 * Without `limit` one request is made and the venue decides how many come.
 * @param now the venue's clock, ms
 */
export async function readHistory<R>(source: HistorySource<R>, options: HistoryOptions, now: number): Promise<R[]> {
  const { limit } = options;
  const since = options.since === undefined ? undefined : Math.max(0, Math.floor(options.since));
  const until = options.until === undefined ? undefined : Math.floor(options.until);
  if (source.from === 'newest') {
    return since === undefined ? backwards(source, until, limit) : windows(source, since, until ?? now, limit);
  }
  if (limit === undefined) return fetched(source, { since, until });
  if (since !== undefined) return onwards(source, since, until, limit);
  if (until === undefined && limit <= (source.newest ?? source.page)) return fetched(source, { limit });
  const start = Math.max(0, Math.floor((until ?? now) - limit * source.spacingMs));
  return (await onwards(source, start, until, Number.POSITIVE_INFINITY)).slice(-limit);
}

/** Page after page, each from where the last one ended. */
async function onwards<R>(source: HistorySource<R>, since: number, until: number | undefined, limit: number): Promise<R[]> {
  const rows: R[] = [];
  for (let start = since; rows.length < limit && (until === undefined || start <= until); ) {
    const wanted = Math.min(source.page, limit - rows.length);
    const page = await fetched(source, { since: start, until, limit: wanted });
    const fresh = page.filter((row) => source.timeOf(row) >= start);
    rows.push(...fresh);
    if (page.length < wanted || fresh.length === 0) break;
    start = source.timeOf(fresh[fresh.length - 1]!) + 1;
  }
  return rows;
}

/** Window by window, each short enough that a page holds all of it: the venue gives the newest rows of a span only. */
async function windows<R>(source: HistorySource<R>, since: number, until: number, limit = source.page): Promise<R[]> {
  const { page, spacingMs, timeOf } = source;
  const rows: R[] = [];
  for (let start = since; rows.length < limit && start <= until; start += page * spacingMs) {
    const end = Math.min(start + page * spacingMs - 1, until);
    const found = await fetched(source, { since: start, until: end, limit: page });
    rows.push(...found.filter((row) => timeOf(row) >= start && timeOf(row) <= end));
  }
  return rows.slice(0, limit);
}

async function backwards<R>(source: HistorySource<R>, until: number | undefined, limit: number | undefined): Promise<R[]> {
  if (limit === undefined) return fetched(source, { until });
  const rows: R[] = [];
  for (let end = until; rows.length < limit; end = source.timeOf(rows[0]!) - 1) {
    const wanted = Math.min(source.page, limit - rows.length);
    const found = await fetched(source, { until: end, limit: wanted });
    rows.unshift(...found);
    if (found.length < wanted) break;
  }
  return rows;
}

/** Rows of one request, oldest first. */
async function fetched<R>({ fetch, timeOf }: HistorySource<R>, span: { readonly [K in keyof Span]: Span[K] | undefined }) {
  const given = Object.entries(span).filter(([, value]) => value !== undefined);
  const rows = await fetch(Object.fromEntries(given));
  const isNewestFirst = rows.length > 1 && timeOf(rows[0]!) > timeOf(rows[rows.length - 1]!);
  return isNewestFirst ? rows.toReversed() : [...rows];
}
