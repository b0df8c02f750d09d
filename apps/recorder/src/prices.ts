import type { ListedGap, Recording } from '@speed-protocol/history';
import { Thinner, type Touch } from './touches.js';

/** Best prices of a recorded range. */
export interface RecordedPrices {
  /** What is recorded of it in all: ms of the first and the last book; `null` when nothing is. */
  readonly firstTime: number | null;
  readonly lastTime: number | null;
  /** In order of time. */
  readonly points: readonly Touch[];
  /** Holes in the range. */
  readonly gaps: readonly Pick<ListedGap, 'reason' | 'from' | 'until' | 'missed'>[];
}

/** Which prices, and what is known of them that is not in a file yet. */
export interface PriceQuery {
  readonly venue: string;
  readonly symbol: string;
  /** ms; `until` is not included. */
  readonly from: number;
  readonly until: number;
  /** At most so many. */
  readonly points: number;
  /** Oldest first. */
  readonly recent: readonly Touch[];
}

/** Stored books first, then those that are still on their way to a file. */
export async function readPrices(
  recording: Recording | undefined,
  { recent, venue, symbol, from, until, points }: PriceQuery,
  signal: AbortSignal | undefined,
): Promise<RecordedPrices> {
  const stored = recording
    ?.streams()
    .find((stream) => stream.dataset === 'orderbooks' && stream.venue === venue && stream.symbol === symbol);
  const thinner = new Thinner((until - from) / points);
  let last = Number.NEGATIVE_INFINITY;
  if (stored !== undefined) {
    for await (const { time, bids, asks } of recording!.books(venue, symbol, { from, until })) {
      signal?.throwIfAborted();
      if (bids.count > 0 && asks.count > 0) thinner.put([time, bids.values[bids.start]!, asks.values[asks.start]!]);
      last = time;
    }
  }
  for (const touch of recent) if (touch[0] > last && touch[0] >= from && touch[0] < until) thinner.put(touch);
  const gaps = recording === undefined ? [] : await recording.gaps(venue, symbol);
  return {
    firstTime: stored?.firstTs ?? recent[0]?.[0] ?? null,
    lastTime: recent.at(-1)?.[0] ?? stored?.lastTs ?? null,
    points: thinner.points,
    gaps: gaps
      .filter((gap) => gap.dataset === 'orderbooks' && (gap.until ?? Infinity) >= from && (gap.from ?? -Infinity) < until)
      .map(({ reason, from: begin, until: end, missed }) => ({ reason, from: begin, until: end, missed })),
  };
}
