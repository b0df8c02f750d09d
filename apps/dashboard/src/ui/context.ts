import type { ServerFeed } from '@speed-protocol/protocol';
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Cell } from '../live/cell.js';
import type { MarketRef } from '../live/choice.js';
import type { LiveMarket } from '../live/market.js';
import type { FeedWish } from '../live/markets.js';
import type { Page } from '../live/page.js';

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('the component is outside the page');
  return page;
}

/** Draws the component again, once per frame, when one of the cells changed. */
export function useCells(...cells: readonly Cell[]): void {
  const [, redraw] = useState(0);
  useEffect(() => {
    const stops = cells.map((cell) => cell.listen(() => redraw((count) => count + 1)));
    return () => {
      for (const stop of stops) stop();
    };
  }, cells);
}

/** A market with the wished feeds running for as long as the component is on the page. */
export function useMarket(ref: MarketRef, wishes: readonly FeedWish[]): LiveMarket {
  const { markets } = usePage();
  const market = markets.get(ref);
  useCells(market.cell);
  useEffect(() => markets.watch(ref, wishes), [market, JSON.stringify(wishes)]);
  return market;
}

/** Class of figures of a feed: greyed while the server cannot be heard or the feed has a hole. */
export function useOldness(market: LiveMarket): (feed: ServerFeed) => 'is-old' | '' {
  const { gateway, connection } = usePage();
  useCells(connection);
  return (feed) => (!gateway.connected || market.old.has(feed) ? 'is-old' : '');
}
