import type { FillQuery } from '@speed-protocol/core';
import type { Params } from '@speed-protocol/wire';
import type { VenueId } from './config.js';
import type { WireFill } from './types.js';

const PAGE = 1000;
const DAY = 86_400_000;
/** Longest span of one question by time. */
const SPAN_MS: Readonly<Record<VenueId, number>> = { binance: DAY, binanceusdm: 7 * DAY, binancecoinm: 7 * DAY };

/** Asks for one page; rows come oldest first. */
type FetchFills = (params: Params) => Promise<readonly WireFill[]>;

/**
 * Own fills of one instrument, oldest first, across as many pages as it takes. By id where it can: ids grow, and a span of
 * time may hold more fills than a page.
 */
export async function readFills(venue: VenueId, fetch: FetchFills, query: FillQuery, now: number): Promise<readonly WireFill[]> {
  const { fromId, since, venueOrderId: orderId, limit } = query;
  if (orderId !== undefined) return cut(await fetch({ orderId, limit: PAGE }), query);
  if (fromId !== undefined) return cut(await onwards(fetch, fromId, limit), query);
  if (since === undefined) return fetch({ limit: Math.min(limit ?? 500, PAGE) });
  const first = await firstSince(venue, fetch, since, now);
  const last = first[first.length - 1];
  if (last === undefined || first.length >= (limit ?? Number.POSITIVE_INFINITY)) return cut(first, query);
  return cut([...first, ...(await onwards(fetch, next(last), limit))], query);
}

/** The first span from `since` on that holds any. */
async function firstSince(venue: VenueId, fetch: FetchFills, since: number, now: number): Promise<readonly WireFill[]> {
  const span = SPAN_MS[venue];
  for (let startTime = Math.max(0, Math.floor(since)); startTime <= now; startTime += span) {
    const rows = await fetch({ startTime, endTime: startTime + span - 1, limit: PAGE });
    if (rows.length > 0) return rows;
  }
  return [];
}

async function onwards(fetch: FetchFills, fromId: string, limit = Number.POSITIVE_INFINITY): Promise<readonly WireFill[]> {
  const rows: WireFill[] = [];
  for (let from = fromId; rows.length < limit; ) {
    const page = await fetch({ fromId: from, limit: PAGE });
    rows.push(...page);
    if (page.length < PAGE) break;
    from = next(page[page.length - 1]!);
  }
  return rows;
}

/** The id after a fill's, exact however long it is. */
function next({ id }: WireFill): string {
  return String(BigInt(id) + 1n);
}

function cut(rows: readonly WireFill[], { since = 0, limit = Number.POSITIVE_INFINITY }: FillQuery): readonly WireFill[] {
  return rows.filter(({ time }) => time >= since).slice(0, limit);
}
