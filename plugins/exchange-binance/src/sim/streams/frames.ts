import type { AggregateTrade, BookChanges, Liquidation, Market, Trade } from '@speed-protocol/simulator';
import type { Product } from '../products.js';
import { type MarketText, pairOf } from '../text.js';

/** A market with what is needed to print its frames. */
export interface Printer {
  readonly market: Market;
  readonly text: MarketText;
  /** The product that the market belongs to. */
  readonly product: Product;
}

/** `ps` and `st` of the merged futures streams; nothing on spot. */
function merged({ market, product }: Printer): { ps?: string; st?: number } {
  return product.st === undefined ? {} : { ps: pairOf(market.listing.venueSymbol), st: product.st };
}

function now({ market }: Printer): number {
  return Math.floor(market.now());
}

export function depthUpdate(printer: Printer, changes: BookChanges, previous: number): unknown {
  const { market, text, product } = printer;
  const { ps, st } = merged(printer);
  const spot = product.family === 'spot';
  // Spot prints bids from the best down, futures both sides in rising order.
  const bids = text.levels(changes.bids);
  return {
    e: 'depthUpdate',
    E: now(printer),
    ...(!spot && { T: market.changedAt }),
    s: market.listing.venueSymbol,
    ...(ps !== undefined && { ps }),
    U: changes.first,
    u: changes.last,
    ...(!spot && { pu: previous }),
    b: spot ? bids.reverse() : bids,
    a: text.levels(changes.asks),
    ...(st !== undefined && { st }),
  };
}

/** The top of the book as a whole message. @param previous sequence of the message before */
export function partialDepth(printer: Printer, levels: number, previous: number): unknown {
  const { market, text, product } = printer;
  const top = market.book.top(levels);
  const [bids, asks] = [text.levels(top.bids), text.levels(top.asks)];
  if (product.family === 'spot') return { lastUpdateId: market.book.lastId, bids, asks };
  const { ps, st } = merged(printer);
  return {
    e: 'depthUpdate',
    E: now(printer),
    T: market.changedAt,
    s: market.listing.venueSymbol,
    ps,
    U: market.book.changesSince(previous)?.first ?? market.book.lastId,
    u: market.book.lastId,
    pu: previous,
    b: bids,
    a: asks,
    st,
  };
}

export function bookTicker(printer: Printer): unknown {
  const { market, text, product } = printer;
  const { bids, asks } = market.engine;
  const quote = {
    b: text.price(bids.best?.price ?? 0),
    B: text.size(bids.best?.total ?? 0),
    a: text.price(asks.best?.price ?? 0),
    A: text.size(asks.best?.total ?? 0),
  };
  const s = market.listing.venueSymbol;
  if (product.family === 'spot') return { u: market.book.lastId, s, ...quote };
  const { ps, st } = merged(printer);
  return { e: 'bookTicker', u: market.book.lastId, s, ps, ...quote, T: market.changedAt, E: now(printer), st };
}

export function trade(printer: Printer, { id, price, size, side, time }: Trade): unknown {
  const { market, text, product } = printer;
  const s = market.listing.venueSymbol;
  const m = side === 'sell';
  const terms = { t: id, p: text.price(price), q: text.size(size) };
  if (product.family === 'spot') return { e: 'trade', E: now(printer), s, ...terms, T: time, m, M: true };
  const { st } = merged(printer);
  return { e: 'trade', E: now(printer), T: time, s, ...terms, X: 'MARKET', m, st };
}

export function aggregateTrade(printer: Printer, aggregate: AggregateTrade): unknown {
  const { market, text, product } = printer;
  const { id, price, size, firstId, lastId, time, side } = aggregate;
  const { st } = merged(printer);
  const q = text.size(size);
  return {
    e: 'aggTrade',
    E: now(printer),
    a: id,
    s: market.listing.venueSymbol,
    p: text.price(price),
    q,
    ...(product.family === 'linear' && { nq: q }),
    f: firstId,
    l: lastId,
    T: time,
    m: side === 'sell',
    ...(product.family === 'spot' ? { M: true } : { st }),
  };
}

export function forceOrder(printer: Printer, liquidation: Liquidation): unknown {
  const { market, text, product } = printer;
  const { side, price, averagePrice, size, filled, time } = liquidation;
  const s = market.listing.venueSymbol;
  const average = market.grid.price(1) * averagePrice;
  return {
    e: 'forceOrder',
    E: now(printer),
    o: {
      s,
      ...(product.family === 'inverse' && { ps: pairOf(s) }),
      S: side.toUpperCase(),
      o: 'LIMIT',
      f: 'IOC',
      q: text.size(size),
      p: text.price(price),
      ap: text.free(average, 2),
      X: filled === size ? 'FILLED' : 'PARTIALLY_FILLED',
      l: text.size(filled),
      z: text.size(filled),
      T: time,
    },
    st: product.st,
  };
}
