import { describe, expect, it } from 'vitest';
import { type HistorySource, readHistory, type Span } from './history.js';

/** One row every 10 ms up to 1000; 7 rows a request. */
const ROWS = Array.from({ length: 101 }, (_, i) => i * 10);
const PAGE = 7;
const within = ({ since = 0, until = Number.POSITIVE_INFINITY }: Span) => ROWS.filter((row) => row >= since && row <= until);

/** Serves the first rows of a span; without a start the newest 5, and 3 unless told how many. */
function oldestFirst(asked: Span[] = []): HistorySource<number> {
  return {
    ...{ from: 'oldest', page: PAGE, newest: 5, spacingMs: 10, timeOf: (row) => row },
    async fetch(span) {
      asked.push(span);
      const { limit = 3 } = span;
      return span.since === undefined ? within(span).slice(-Math.min(limit, 5)) : within(span).slice(0, Math.min(limit, PAGE));
    },
  };
}

/** Serves the newest rows of a span, newest first. */
function newestFirst(asked: Span[] = []): HistorySource<number> {
  return {
    ...{ from: 'newest', page: PAGE, spacingMs: 10, timeOf: (row) => row },
    async fetch(span) {
      asked.push(span);
      return within(span)
        .slice(-Math.min(span.limit ?? PAGE, PAGE))
        .toReversed();
    },
  };
}

describe.each([
  ['oldest first', oldestFirst],
  ['newest first', newestFirst],
] as const)('a venue that serves %s', (name, source) => {
  it('is asked once when nothing is said, and decides itself how many rows come', async () => {
    const asked: Span[] = [];
    const rows = await readHistory(source(asked), {}, 1000);
    expect(rows).toEqual(ROWS.slice(name === 'oldest first' ? -3 : -PAGE));
    expect(asked).toEqual([{}]);
  });

  it('gives the first rows from a time on, without a hole and without a repetition', async () => {
    expect(await readHistory(source(), { since: 105, limit: 20 }, 1000)).toEqual(
      Array.from({ length: 20 }, (_, i) => 110 + 10 * i),
    );
  });

  it('holds both ends in', async () => {
    expect(await readHistory(source(), { since: 0, until: 60, limit: 50 }, 1000)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(await readHistory(source(), { until: 500, limit: 1 }, 1000)).toEqual([500]);
  });

  it('ends where the rows end', async () => {
    expect(await readHistory(source(), { since: 970, limit: 50 }, 1000)).toEqual([970, 980, 990, 1000]);
    expect(await readHistory(source(), { since: 5_000, limit: 5 }, 1000)).toEqual([]);
    expect(await readHistory(source(), { since: 50, until: 40, limit: 5 }, 1000)).toEqual([]);
    expect(await readHistory(source(), { limit: 5_000 }, 1000)).toEqual(ROWS);
  });

  it('gives the newest ones, also more than a request holds', async () => {
    expect(await readHistory(source(), { limit: 4 }, 1005)).toEqual([970, 980, 990, 1000]);
    expect(await readHistory(source(), { limit: 20 }, 1005)).toEqual(Array.from({ length: 20 }, (_, i) => 810 + 10 * i));
  });
});

it('does not go round in circles when a venue repeats itself', async () => {
  const stuck: HistorySource<number> = { ...oldestFirst(), page: 2, newest: 2, spacingMs: 1, fetch: async () => [1, 2] };
  expect(await readHistory(stuck, { since: 0, limit: 100 }, 10)).toEqual([1, 2]);
});
