import type { Fields, ObjectNode, Outlet } from '@speed-protocol/wire';
import { sideFromWire } from '../formats.js';
import type { Shapes } from './frames.js';

/** Reads the fields of one payload; the wrapper is already off. What kind it is has been seen. */
type Handler<K extends keyof Shapes> = (fields: Omit<Fields<ObjectNode<Shapes[K]>>, 'e'>) => void;

/** COIN-M counts `v` in contracts and `q` in base coin: that is no volume in quote. */
function ticker(out: Outlet): Handler<'ticker' | 'miniTicker'> {
  return (p) => {
    const quoteVolume = out.subject.venue === 'binancecoinm' ? Number.NaN : p.q;
    out.ticker(p.E, { last: p.c, open: p.o, high: p.h, low: p.l, volume: p.v, quoteVolume });
  };
}

/** Payload -> event, for each shape. `venueTime` is the trade's own for trades and liquidations, else when it was sent. */
export const HANDLERS = {
  spotDepth: (out) => (p) => out.delta(p.E, p.U, p.u, Number.NaN, p.b, p.a),
  futuresDepth: (out) => (p) => out.delta(p.E, p.U, p.u, p.pu, p.b, p.a),
  spotBook: (out) => (p) => out.snapshot(Number.NaN, p.lastUpdateId, p.bids, p.asks),
  trade: (out) => (p) => {
    // Fills by the insurance fund or in a settlement are no trades of the market; they come with "NA" or price 0.
    if (p.X === null || p.X === 'MARKET') out.trade(p.T, p.t, p.p, p.q, sideFromWire(p.m));
  },
  aggTrade: (out) => (p) => out.trade(p.T, p.a, p.p, p.q, sideFromWire(p.m)),
  quote: (out) => (p) => out.quote(p.E, p.u, p.b, p.B, p.a, p.A),
  ticker,
  miniTicker: ticker,
  candle: (out) => (p) => {
    const { k } = p;
    const prices = { open: k.o, high: k.h, low: k.l, close: k.c };
    out.candle(p.E, { interval: k.i, openTime: k.t, ...prices, volume: k.v, closed: k.x });
  },
  /** Dated futures have no funding: "" and 0. */
  markPrice: (out) => (p) => {
    const paid = !Number.isNaN(p.r);
    out.funding(p.E, {
      rate: p.r,
      nextFundingTime: paid && p.T > 0 ? p.T : null,
      intervalHours: (paid && out.subject.instrument?.fundingIntervalHours) || null,
      markPrice: p.p,
      indexPrice: p.i,
    });
  },
  liquidation: (out) => (p) => {
    const { o } = p;
    out.liquidation(o.T, { side: o.S === 'BUY' ? 'buy' : 'sell', price: o.p, size: o.q });
  },
} as const satisfies { readonly [K in keyof Shapes]: (out: Outlet) => Handler<K> };

/** A partial book of futures has the shape of a delta but is the whole of what it shows. */
export function partialBook(out: Outlet): Handler<'futuresDepth'> {
  return (p) => out.snapshot(p.E, p.u, p.b, p.a);
}
