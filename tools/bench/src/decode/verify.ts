import type { BookLevels, Contestant, Facts } from './types.js';

/**
 * Sends the stream through every contestant once and compares: final books level by level, facts frame by frame.
 * @returns what they disagree about; empty when they agree
 */
export function disagreements(contestants: readonly Contestant[], frames: readonly Buffer[], hasBook: boolean): string[] {
  for (const contestant of contestants) contestant.reset();
  const [first, ...others] = contestants as [Contestant, ...Contestant[]];
  for (const [index, frame] of frames.entries()) {
    for (const contestant of contestants) contestant.accept(frame, Date.now());
    if (hasBook) continue;
    const wanted = first.facts?.() ?? [];
    const other = others.find((candidate) => !sameFacts(candidate.facts?.() ?? [], wanted));
    if (other || wanted.length === 0) return [`frame ${index}: ${first.name} read ${wanted}, ${other?.name} ${other?.facts?.()}`];
  }
  if (!hasBook) return [];
  const book = first.book?.() as BookLevels;
  if (book.bids.length === 0 || book.asks.length === 0) return [`${first.name} has an empty book`];
  return others.flatMap((other) => compareBooks(first.name, book, other.name, other.book?.() as BookLevels));
}

function sameFacts(a: Facts, b: Facts): boolean {
  return a.length === b.length && a.every((fact, index) => Object.is(fact, b[index]));
}

function compareBooks(nameA: string, a: BookLevels, nameB: string, b: BookLevels): string[] {
  return (['bids', 'asks'] as const).flatMap((side) => {
    if (a[side].length !== b[side].length) return [`${side}: ${nameA} has ${a[side].length} levels, ${nameB} ${b[side].length}`];
    const at = a[side].findIndex(([price, size], index) => price !== b[side][index]?.[0] || size !== b[side][index]?.[1]);
    return at < 0 ? [] : [`${side} level ${at}: ${nameA} has ${a[side][at]}, ${nameB} ${b[side][at]}`];
  });
}
