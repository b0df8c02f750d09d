import type { BookReport } from './book-check.js';
import type { CaptureReport } from './check-capture.js';
import type { FolderReport } from './check-folder.js';

const list = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/** One capture: what its frames were, then a line per book. */
export function captureText(report: CaptureReport): string {
  const lines = [
    `${report.file} (${report.venue}): ${report.lines} frames, ${list(report.outcomes)}, ${report.errors} errors; ${list(report.events)}`,
    ...report.problems.map((problem) => `  error: ${problem}`),
    ...(Object.keys(report.unknown).length > 0 ? [`  of no kind that the plugin knows: ${list(report.unknown)}`] : []),
    ...report.books.map((book) => `  ${bookText(book)}`),
  ];
  return lines.join('\n');
}

function bookText(book: BookReport): string {
  const name = book.symbol ?? `${book.venueSymbol || 'a body that names no instrument'} (symbol unknown)`;
  if (book.problem !== null) return `${name}: ${book.problem}`;
  const quotes = `best bid/ask compared at the same update id ${book.compared}, agree ${book.agree}`;
  const checksums =
    book.checksums > 0 ? `; the venue's checksum sent ${book.checksums} times, agrees ${book.checksumsAgree}` : '';
  return `${name}: ${book.deltas} deltas, ${book.applied} applied, ${book.gaps} gaps; ${quotes}${checksums}`;
}

/** The end of the report. */
export function summaryText({ totals, fixtures, derived, withoutPlugin, ok }: FolderReport): string {
  const { captures, lines, errors, gaps, books, applied, compared, agree, checksums, checksumsAgree } = totals;
  const rows = [
    ...(withoutPlugin.length > 0 ? [`no plugin installed for: ${withoutPlugin.join(', ')}`] : []),
    `${captures} captures, ${lines} frames: ${errors} errors, ${gaps} gaps; ${books} books live, ${applied} deltas applied`,
    `${fixtures.files} fixtures, ${fixtures.frames} frames: ${fixtures.recognised} recognised, ${fixtures.unknown} of listed unknown kinds, ${fixtures.refused} refused for the reasons above`,
    `best bid/ask compared at the same update id: ${compared}, agree: ${agree}`,
    `checksums of books compared: ${checksums}, agree: ${checksumsAgree}`,
    `independent figures compared: ${derived.figures} of ${derived.books} books, different: ${derived.mismatches.length}`,
    ...derived.mismatches.map((mismatch) => `  ${mismatch}`),
    ok ? 'ok' : 'FAILED',
  ];
  return rows.join('\n');
}
