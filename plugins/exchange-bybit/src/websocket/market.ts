import { SpeedError } from '@speed-protocol/core';
import { allOf, type Handler, type Outlet, type ShapeFields } from '@speed-protocol/wire';
import { sideFromWire } from '../formats.js';
import type { Shapes } from './frames.js';

type RowOf<K extends keyof Shapes> = ShapeFields<Shapes[K]>;

/** What a message says around its data. */
interface Around {
  readonly type: string | null;
  readonly ts: number;
}

/** @throws SpeedError `protocol`: a word that has suffered must not turn a change into a whole book */
function isDelta(type: string | null): boolean {
  if (type === 'delta') return true;
  if (type === 'snapshot') return false;
  throw new SpeedError('protocol', `field "type" must be snapshot or delta and is ${JSON.stringify(type)}`);
}

/** A book with its changes: each message has the next number, and a restart of the venue begins anew with a snapshot. */
export const book: Handler<RowOf<'book'>, Around> = (out) => (row, message) => {
  const { u, b, a } = row;
  if (isDelta(message.type)) out.delta(message.ts, u, u, Number.NaN, b, a);
  else out.snapshot(message.ts, u, b, a);
};

/** Best bid and ask; repeated every three seconds when nothing happens. */
export const bestLevels: Handler<RowOf<'book'>, Around> = (out) => {
  let told = Number.NaN;
  return ({ u, b, a }, { ts }) => {
    if (u === told) return;
    told = u;
    out.best(ts, u, b, a);
  };
};

export const trade: Handler<RowOf<'trade'>> = (out) => (row) => out.trade(row.T, row.i, row.p, row.v, sideFromWire(row.S));

/** The venue tells whose position it was: that of a buyer is closed by a sale. */
export const liquidation: Handler<RowOf<'liquidation'>> = (out) => (row) => {
  const side = sideFromWire(row.S) === 'buy' ? 'sell' : 'buy';
  out.liquidation(row.T, { side, price: row.p, size: row.v });
};

/** The interval stands in the topic. */
export const candle: Handler<RowOf<'candle'>> = (out) => (row) => {
  const { start: openTime, open, high, low, close, volume, confirm: closed } = row;
  out.candle(row.timestamp, { interval: out.interval, openTime, open, high, low, close, volume, closed });
};

type Ticker = RowOf<'ticker'>;
type Told = { -readonly [K in keyof Ticker]: number };

/** One feed of `tickers`: the fields that it is made of, as told last, whenever one of them is told. */
const feedOf =
  <K extends keyof Ticker>(
    names: readonly K[],
    emit: (out: Outlet, ts: number, told: Pick<Told, K>) => void,
  ): Handler<Pick<Ticker, K>, Around> =>
  (out) => {
    const told = Object.fromEntries(names.map((name) => [name, Number.NaN])) as Pick<Told, K>;
    return (data, { type, ts }) => {
      const isChange = isDelta(type);
      let isNews = false;
      for (const name of names) {
        const value = data[name];
        if (!Number.isNaN(value)) isNews = true;
        else if (isChange) continue;
        told[name] = value as Told[K];
      }
      if (isNews) emit(out, ts, told);
    };
  };

/** Turnover is in quote except on inverse contracts. */
export const ticker = (isInverse: (out: Outlet) => boolean) =>
  feedOf(
    ['lastPrice', 'prevPrice24h', 'highPrice24h', 'lowPrice24h', 'volume24h', 'turnover24h'],
    (out, ts, { lastPrice: last, prevPrice24h: open, highPrice24h: high, lowPrice24h: low, volume24h: volume, turnover24h }) => {
      out.ticker(ts, { last, open, high, low, volume, quoteVolume: isInverse(out) ? Number.NaN : turnover24h });
    },
  );

/** Dated futures tell prices alone; a time of 0 is none. */
export const funding = feedOf(
  ['fundingRate', 'nextFundingTime', 'fundingIntervalHour', 'markPrice', 'indexPrice'],
  (out, ts, { fundingRate: rate, nextFundingTime, fundingIntervalHour, markPrice, indexPrice }) => {
    const isFunded = nextFundingTime !== 0;
    const listed = out.subject.instrument?.fundingIntervalHours ?? Number.NaN;
    const intervalHours = Number.isNaN(fundingIntervalHour) ? listed : fundingIntervalHour;
    const terms = isFunded && { rate, nextFundingTime, intervalHours };
    out.funding(ts, { ...terms, markPrice, indexPrice });
  },
);

/** Each contract once; since June 2026 the venue's other figure counts both sides of it. */
export const openInterest = feedOf(['singleOpenInterest', 'openInterest'], (out, ts, { singleOpenInterest, openInterest }) => {
  out.openInterest(ts, Number.isNaN(singleOpenInterest) ? openInterest : singleOpenInterest);
});

/** All that a message of `tickers` tells, where nobody has asked for one feed of it. */
export const wholeTicker = (isInverse: (out: Outlet) => boolean): Handler<Ticker, Around> =>
  allOf<Ticker, Around>(ticker(isInverse), funding, openInterest);
