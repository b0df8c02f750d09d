import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BookReport } from './book-check.js';
import type { CaptureReport } from './check-capture.js';

/** Figures that an independent reader of the same captures came to; a file of the capture folder. */
interface ExpectedBook {
  readonly file: string;
  readonly symbol: string;
  readonly diffs?: number;
  readonly stale?: number;
  readonly applied?: number;
  readonly gaps?: number;
  readonly crossed?: number;
  readonly bookTickerAgree?: number;
  readonly bookTickerDisagree?: number;
  readonly lastUpdateId?: number;
  readonly bestBid?: readonly [string, string] | null;
  readonly bestAsk?: readonly [string, string] | null;
  readonly bidLevels?: number;
  readonly askLevels?: number;
}

const FILE = 'derived-stream-checks.json';

/**
 * Our figures for each of theirs. Two where counting is a matter of taste: a delta that ends exactly at the snapshot may
 * count as applied, and a quote at the snapshot's own sequence need not be compared.
 */
const FIGURES: Partial<Record<keyof ExpectedBook, (book: BookReport) => readonly unknown[]>> = {
  diffs: (book) => [book.deltas],
  stale: (book) => [book.stale, book.stale - book.staleAtSnapshot],
  applied: (book) => [book.applied, book.applied + book.staleAtSnapshot],
  gaps: (book) => [book.gaps],
  crossed: (book) => [book.crossed],
  bookTickerAgree: (book) => [book.agree, book.agree - book.agreeAtSnapshot],
  bookTickerDisagree: (book) => [book.compared - book.agree],
  lastUpdateId: (book) => [book.sequence],
  bestBid: (book) => [book.bestBid],
  bestAsk: (book) => [book.bestAsk],
  bidLevels: (book) => [book.bidLevels],
  askLevels: (book) => [book.askLevels],
};

export interface Comparison {
  /** Books that both have. */
  readonly books: number;
  /** Figures that were held against each other. */
  readonly figures: number;
  readonly mismatches: readonly string[];
}

/** Holds the reports against the folder's derived figures; nothing to compare when the folder has none. */
export function compareWithDerived(directory: string, reports: readonly CaptureReport[]): Comparison {
  const path = join(directory, FILE);
  if (!existsSync(path)) return { books: 0, figures: 0, mismatches: [] };
  const { checks } = JSON.parse(readFileSync(path, 'utf8')) as { checks: readonly ExpectedBook[] };
  const mismatches: string[] = [];
  let books = 0;
  let figures = 0;
  for (const expected of checks) {
    const report = reports.find(({ file }) => file === basename(expected.file));
    if (!report) continue;
    const book = report.books.find(({ venueSymbol }) => venueSymbol === expected.symbol);
    books++;
    for (const [name, figure] of Object.entries(FIGURES)) {
      const wanted = numbers(expected[name as keyof ExpectedBook]);
      if (wanted === undefined) continue;
      figures++;
      const got = book ? figure(book).map((value) => JSON.stringify(value)) : [];
      if (!got.includes(wanted))
        mismatches.push(`${report.file} ${expected.symbol}: ${name} is ${got[0] ?? 'missing'}, derived ${wanted}`);
    }
  }
  return { books, figures, mismatches };
}

/** Levels are strings there and numbers here. */
function numbers(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return JSON.stringify(Array.isArray(value) ? value.map(Number) : value);
}
