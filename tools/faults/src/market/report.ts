import type { WatchedBook } from './watched-book.js';

interface Durations {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface MarketFaultReport {
  readonly run: 'market';
  readonly seed: number;
  readonly venues: readonly string[];
  readonly books: number;
  /** Books by venue: some venues list fewer symbols than were asked for. */
  readonly booksOf: Readonly<Record<string, number>>;
  /** Faults injected, and those among them that struck something. */
  readonly injected: number;
  readonly struck: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** Comparisons with the oracle, level for level at equal sequence. */
  readonly compared: number;
  readonly wrongBooks: number;
  readonly staleShownAsLive: number;
  /** Books without any event after the faults were over. */
  readonly lostSubscriptions: number;
  /** Books that were not live at the end. */
  readonly unhealed: number;
  /** From a gap to the next snapshot, virtual ms. */
  readonly healMs: Durations;
  /** From a status that is not live to the next that is, silence included, virtual ms. */
  readonly outageMs: Durations;
  readonly virtualSeconds: number;
  readonly realSeconds: number;
  /** The first few of everything that went wrong. */
  readonly problems: readonly string[];
  readonly ok: boolean;
}

const PROBLEMS_SHOWN = 20;

export interface RunFigures {
  readonly seed: number;
  readonly venues: readonly string[];
  readonly injected: number;
  readonly struck: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly lost: readonly WatchedBook[];
  readonly virtualSeconds: number;
  readonly realSeconds: number;
}

/** Sums up a run. */
export function reportOf(books: readonly WatchedBook[], figures: RunFigures): MarketFaultReport {
  const { lost, ...rest } = figures;
  const unhealed = books.filter(({ book }) => book.status().state !== 'live');
  const wrong = books.flatMap((book) => book.wrong);
  const shownStale = books.flatMap((book) => book.shownStale);
  const problems = [
    ...wrong,
    ...shownStale,
    ...lost.map(({ name }) => `${name}: no event after the faults were over`),
    ...unhealed.map(({ name, book }) => `${name}: ${JSON.stringify(book.status())} at the end`),
  ];
  return {
    run: 'market',
    ...rest,
    books: books.length,
    booksOf: Object.fromEntries(rest.venues.map((venue) => [venue, books.filter(({ book }) => book.venue === venue).length])),
    compared: books.reduce((sum, { compared }) => sum + compared, 0),
    wrongBooks: wrong.length,
    staleShownAsLive: shownStale.length,
    lostSubscriptions: lost.length,
    unhealed: unhealed.length,
    healMs: durationsOf(books.flatMap((book) => book.healMs)),
    outageMs: durationsOf(books.flatMap((book) => book.outageMs)),
    problems: problems.slice(0, PROBLEMS_SHOWN),
    ok: problems.length === 0,
  };
}

function durationsOf(values: readonly number[]): Durations {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
