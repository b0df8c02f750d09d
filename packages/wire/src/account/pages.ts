import type { FillQuery } from '@speed-protocol/core';

/** One page of a list, and where the next one begins; `undefined` after the last. */
export interface Page<R, C> {
  readonly rows: readonly R[];
  readonly next: C | undefined;
}

/** Rows of all pages, or of as many as it takes. */
export async function readPages<R, C>(
  fetch: (cursor: C | undefined) => Promise<Page<R, C>>,
  isEnough: (page: readonly R[], rows: readonly R[]) => boolean = () => false,
): Promise<readonly R[]> {
  const rows: R[] = [];
  for (let cursor: C | undefined; ; ) {
    const page = await fetch(cursor);
    rows.push(...page.rows);
    if (page.next === undefined || isEnough(page.rows, rows)) return rows;
    cursor = page.next;
  }
}

/** The page of a venue that tells no cursor: a full one is followed by another, which begins where its last row says. */
export function fullPage<R, C>(rows: readonly R[], size: number, cursorOf: (last: R) => C): Page<R, C> {
  return { rows, next: rows.length < size ? undefined : cursorOf(rows[rows.length - 1]!) };
}

/** A place in the pages of several questions. */
interface Place<C> {
  readonly question: number;
  readonly cursor: C | undefined;
}

/** Pages of one question after another, as those of one: e.g. of all spans of time that a venue wants to be asked for apart. */
export function pagesOfEach<Q, R, C>(
  questions: readonly Q[],
  fetch: (question: Q, cursor: C | undefined) => Promise<Page<R, C>>,
): (place: Place<C> | undefined) => Promise<Page<R, Place<C>>> {
  return async ({ question, cursor } = { question: 0, cursor: undefined }) => {
    const { rows, next } = await fetch(questions[question]!, cursor);
    if (next !== undefined) return { rows, next: { question, cursor: next } };
    const further = question + 1 < questions.length ? { question: question + 1, cursor: undefined } : undefined;
    return { rows, next: further };
  };
}

/** What ends the reading of fills that come newest first. */
interface FillsEnd<R> {
  /** Before the time or the id where the query begins: then there is no need for further pages. */
  isOlder?(row: R): boolean;
  /** The row where the query begins, where ids have no order: all behind it is older. */
  isFirst?(row: R): boolean;
  /** Names a row, where pages may overlap. */
  keyOf?(row: R): string;
}

/** Fills of a query, oldest first, from a venue that tells them newest first, page by page. */
export async function fillsFromNewest<R, C>(
  page: (cursor: C | undefined) => Promise<Page<R, C>>,
  query: FillQuery,
  { isOlder = () => false, isFirst = () => false, keyOf }: FillsEnd<R>,
): Promise<readonly R[]> {
  const { limit = Number.POSITIVE_INFINITY } = query;
  const most = isBounded(query) ? Number.POSITIVE_INFINITY : limit;
  const isEnd = (row: R) => isOlder(row) || isFirst(row);
  const rows = await readPages(page, (found, all) => found.some(isEnd) || all.length >= most);
  const first = rows.findIndex(isFirst);
  const kept = first < 0 ? rows : rows.slice(0, first + 1);
  return wantedFills(keyOf ? [...new Map(kept.map((row) => [keyOf(row), row])).values()] : kept, query, isOlder);
}

/** True when a query says where to begin: then its first fills are wanted, else the newest ones. */
export function isBounded({ fromId, since, venueOrderId }: FillQuery): boolean {
  return fromId !== undefined || since !== undefined || venueOrderId !== undefined;
}

/** Of fills that the venue tells newest first: those of the query, oldest first. @param isOlder than where the query begins */
export function wantedFills<R>(newestFirst: readonly R[], query: FillQuery, isOlder: (row: R) => boolean): readonly R[] {
  const wanted = newestFirst.filter((row) => !isOlder(row)).reverse();
  const { limit = Number.POSITIVE_INFINITY } = query;
  return isBounded(query) ? wanted.slice(0, limit) : wanted.slice(-limit);
}
