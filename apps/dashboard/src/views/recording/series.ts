import type { CommandResult } from '@speed-protocol/protocol';

export type RecordedPrices = CommandResult<'recorded_prices'>;

/** What the plot draws: seconds, middle of the best prices, spread in basis points of it; `null` breaks the line. */
export type Series = [times: number[], middles: (number | null)[], spreads: (number | null)[]];

/** A line must not run over a hole as if something were known there: it breaks behind the last book before it. */
export function seriesOf({ points, gaps }: Pick<RecordedPrices, 'points' | 'gaps'>): Series {
  const series: Series = [[], [], []];
  const breaks = gaps.map(({ from }) => from ?? Number.NEGATIVE_INFINITY).sort((a, b) => a - b);
  let next = 0;
  let last: number | undefined;
  for (const [time, bid, ask] of points) {
    let broken = false;
    for (; next < breaks.length && (breaks[next] as number) < time; next++) broken = true;
    if (broken && last !== undefined) put(series, (last + time) / 2, null, null);
    const middle = (bid + ask) / 2;
    put(series, time, middle, ((ask - bid) / middle) * 10_000);
    last = time;
  }
  return series;
}

function put([times, middles, spreads]: Series, ms: number, middle: number | null, spread: number | null): void {
  times.push(ms / 1000);
  middles.push(middle);
  spreads.push(spread);
}
