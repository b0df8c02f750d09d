import { fixed, percent } from '../format.js';
import type { MarketRef } from '../live/choice.js';
import { freshness } from '../live/freshness.js';
import { formatRoute } from '../route.js';
import { useCells, useMarket, useOldness, usePage } from './context.js';
import { Ladder } from './ladder.js';
import { QualityLine } from './quality-line.js';
import { StatePill } from './state-pill.js';
import { change, direction } from './ticker.js';
import { unitsOf } from './units.js';

const DEPTH = 8;

/** One market on the overview: a small ladder; the heading leads to the details. */
export function MarketCard({ market: ref }: { market: MarketRef }) {
  const { directory, gateway, connection } = usePage();
  useCells(connection, directory.cell);
  const market = useMarket(ref, [{ feed: 'book' }, ...tickerWish(directory.venue(ref.venue)?.capabilities.market?.feeds)]);
  const units = unitsOf(directory.instrument(ref));
  const state = freshness({ book: market.book, connected: gateway.connected });
  const moved = change(market.ticker);
  const old = useOldness(market);
  return (
    <article class="panel card" data-testid="market-card" data-venue={ref.venue} data-state={state}>
      <header>
        <a href={formatRoute({ view: 'market', ...ref })} class="card-link">
          <strong>{ref.symbol}</strong>
          <span class="dim">{directory.venue(ref.venue)?.name ?? ref.venue}</span>
        </a>
        <StatePill state={state} />
      </header>
      <p class={`card-price ${direction(moved)} ${old('ticker')}`}>
        <b>{fixed(market.ticker?.last ?? null, units.priceDigits)}</b>
        <span>{percent(moved, 2)}</span>
        <span class="dim">24 h</span>
      </p>
      <Ladder market={market} units={units} depth={DEPTH} />
      <QualityLine market={market} />
    </article>
  );
}

function tickerWish(feeds: readonly string[] | undefined) {
  return feeds?.includes('ticker') ? [{ feed: 'ticker' } as const] : [];
}
