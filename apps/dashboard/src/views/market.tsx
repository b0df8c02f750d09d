import type { FeedName } from '@speed-protocol/core';
import { type MarketRef, sameMarket } from '../live/choice.js';
import { freshness } from '../live/freshness.js';
import type { LiveMarket } from '../live/market.js';
import type { FeedWish } from '../live/markets.js';
import { useCells, useMarket, usePage } from '../ui/context.js';
import { DepthChart } from '../ui/depth-chart.js';
import { FittingLadder } from '../ui/fitting-ladder.js';
import { Latency } from '../ui/latency.js';
import { MarketHeader } from '../ui/market-header.js';
import { QualityLine } from '../ui/quality-line.js';
import { StatePill } from '../ui/state-pill.js';
import { Tape } from '../ui/tape.js';
import { Blotter } from '../ui/trading/blotter.js';
import { Ticket } from '../ui/trading/ticket.js';
import { unitsOf } from '../ui/units.js';

/** Levels asked for: the ladder shows as many as fit, the depth chart all. */
const LEVELS = 100;
const FEEDS = ['trade', 'quote', 'ticker', 'funding', 'openInterest'] as const satisfies readonly FeedName[];

/** One market in full. */
export function MarketView({ market: ref }: { market: MarketRef }) {
  const { directory, gateway, connection } = usePage();
  useCells(directory.cell, connection);
  const venue = directory.venue(ref.venue);
  const feeds = FEEDS.filter((feed) => venue?.capabilities.market?.feeds.includes(feed));
  const wishes: FeedWish[] = [{ feed: 'book', levels: LEVELS }, ...feeds.map((feed) => ({ feed }))];
  const market = useMarket(ref, venue ? wishes : []);
  const units = unitsOf(directory.instrument(ref));
  const state = freshness({ book: market.book, connected: gateway.connected });
  return (
    <main class="market" data-testid="market-view" data-state={state}>
      <section class="panel head" aria-label="Quote">
        <div class="head-title">
          <h1>{ref.symbol}</h1>
          <span class="dim">{venue?.name ?? ref.venue}</span>
          <StatePill state={state} />
          <Pin market={ref} />
        </div>
        <MarketHeader market={market} units={units} />
        {directory.server && !venue && <p class="warn">This server has no venue “{ref.venue}”.</p>}
      </section>
      <section class="panel book" aria-label="Order book">
        <h2>Order book</h2>
        <FittingLadder market={market} units={units} own={useOwnPrices(ref)} />
      </section>
      <div class="middle">
        <section class="panel depth" aria-label="Depth">
          <h2>
            Depth <span class="dim">{market.book ? `${market.book.bids.length} + ${market.book.asks.length} levels` : ''}</span>
          </h2>
          <DepthChart market={market} units={units} />
        </section>
        <section class="panel quality" aria-label="Connection quality">
          <h2>Connection quality</h2>
          <QualityLine market={market} />
          <div class="latencies">
            <Latency
              title="Venue → server"
              hint="Venue's time stamp to the server's receive time"
              histogram={market.venueLatency}
            />
            <Latency title="Server → page" hint="Server's receive time to this page" histogram={market.pageLatency} />
          </div>
          {[...market.problems].map(([feed, reason]) => (
            <p key={feed} class="warn">
              {feed}: {reason}
            </p>
          ))}
        </section>
      </div>
      <OrderEntry market={market} />
      <Tape market={market} units={units} />
      <AccountView market={ref} />
    </main>
  );
}

/** The account that the user trades this venue with; the one used last. */
function useAccount(venue: string) {
  const { trading } = usePage();
  useCells(trading.cell);
  const accounts = trading.of(venue);
  return { accounts, live: accounts[0] };
}

/** Where the user's own orders stand. */
function useOwnPrices({ venue, symbol }: MarketRef): ReadonlySet<number> {
  const open = useAccount(venue).live?.open ?? [];
  return new Set(open.flatMap((order) => (order.symbol === symbol && order.price !== null ? [Number(order.price)] : [])));
}

function OrderEntry({ market }: { market: LiveMarket }) {
  const { directory, trading } = usePage();
  const { live } = useAccount(market.ref.venue);
  const instrument = directory.instrument(market.ref);
  if (live && instrument) return <Ticket key={live.view.account} {...{ market, instrument, live, units: unitsOf(instrument) }} />;
  return (
    <section class="panel ticket" aria-label="Order entry" data-testid="ticket">
      <h2>Order</h2>
      <p class="no-account dim">{trading.problem ?? (trading.accounts ? NO_ACCOUNT : 'Asking for accounts…')}</p>
    </section>
  );
}

const NO_ACCOUNT =
  'The server has no account of this venue. Name one in its configuration, and keep its keys with “speed keys add”.';

function AccountView({ market: { venue } }: { market: MarketRef }) {
  const { accounts, live } = useAccount(venue);
  return live ? <Blotter key={live.view.account} {...{ venue, accounts, live }} /> : null;
}

/** Puts the market on the overview, or takes it off. */
function Pin({ market }: { market: MarketRef }) {
  const { directory, watchlist } = usePage();
  useCells(watchlist.cell);
  const shown = watchlist.markets(directory.defaults(), (ref) => directory.instrument(ref) !== undefined);
  const pinned = shown.some((other) => sameMarket(other, market));
  return (
    <button type="button" class="pin" aria-pressed={pinned} onClick={() => watchlist.toggle(market, shown)}>
      {pinned ? '★ on overview' : '☆ add to overview'}
    </button>
  );
}
