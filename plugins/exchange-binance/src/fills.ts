import type { FillQuery } from '@speed-protocol/core';
import { cell, fullPage, type Params, type Row, readPages } from '@speed-protocol/wire';
import type { VenueId } from './config.js';

const PAGE = 1_000;
const DAY = 86_400_000;
/** Longest span of one question by time. */
const SPAN_MS: Readonly<Record<VenueId, number>> = { binance: DAY, binanceusdm: 7 * DAY, binancecoinm: 7 * DAY };

type Rows = readonly Row[];

/** Asks for one page; rows come oldest first. */
type FetchFills = (params: Params) => Promise<Rows>;

const [ID, TIME] = [cell.text('id'), cell.time('time')];
/** The id after a fill's, exact however long it is. */
const next = (row: Row): string => String(BigInt(ID(row)) + 1n);

/** Own fills of one instrument, oldest first: as many pages as it takes, by id where it can: ids grow, and a span of time may hold more fills than a page. */
export async function readFills(venue: VenueId, fetch: FetchFills, query: FillQuery, now: number): Promise<Rows> {
  const { fromId, since, venueOrderId: orderId, limit = Number.POSITIVE_INFINITY } = query;
  const onwards = (first: string) =>
    readPages(
      async (from: string = first) => fullPage(await fetch({ fromId: from, limit: PAGE }), PAGE, next),
      (_, rows) => rows.length >= limit,
    );
  const cut = (rows: Rows) => rows.filter((row) => TIME(row) >= (since ?? 0)).slice(0, limit);
  if (orderId !== undefined) return cut(await fetch({ orderId, limit: PAGE }));
  if (fromId !== undefined) return cut(await onwards(fromId));
  if (since === undefined) return fetch({ limit: Math.min(query.limit ?? 500, PAGE) });
  const spanMs = SPAN_MS[venue];
  // The first span from there on that holds any.
  for (let startTime = Math.max(0, Math.floor(since)); startTime <= now; startTime += spanMs) {
    const rows = await fetch({ startTime, endTime: startTime + spanMs - 1, limit: PAGE });
    if (rows.length >= limit) return cut(rows);
    if (rows.length > 0) return cut([...rows, ...(await onwards(next(rows.at(-1)!)))]);
  }
  return [];
}
