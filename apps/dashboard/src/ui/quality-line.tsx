import { duration, NOTHING } from '../format.js';
import { bookAge } from '../live/freshness.js';
import type { LiveMarket } from '../live/market.js';
import { useCells, usePage } from './context.js';

/** Age, gaps and resyncs of a book in one line. */
export function QualityLine({ market }: { market: LiveMarket }) {
  const { clock, now } = usePage();
  useCells(clock);
  const { book } = market;
  const age = bookAge({ book, arrivedAt: market.bookArrivedAt, now: now() });
  const [p50, p99] = market.venueLatency.quantiles([0.5, 0.99]);
  return (
    <dl class="quality-line">
      <Item label="age" value={duration(age)} />
      <Item label="gaps" value={book ? `${book.gaps}` : NOTHING} warn={(book?.gaps ?? 0) > 0} />
      <Item label="resyncs" value={book ? `${book.resyncs}` : NOTHING} />
      <Item label="latency p50/p99" value={p50 === undefined ? NOTHING : `${duration(p50)} / ${duration(p99)}`} />
      <Item label="seq" value={book?.sequence === null || !book ? NOTHING : `${book.sequence}`} />
    </dl>
  );
}

function Item({ label, value, warn = false }: { label: string; value: string; warn?: boolean }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd class={warn ? 'warn' : ''}>{value}</dd>
    </div>
  );
}
