import { allOf, type Handler, onlyIf, type ShapeFields, sideFromWire } from '@speed-protocol/wire';
import { FUNDING_HOURS, isInverse, isOption, isSpot, liquidatedSide } from '../formats.js';
import type { Shapes } from './frames.js';

type DataOf<K extends keyof Shapes> = ShapeFields<Shapes[K]>;
type Handle<K extends keyof Shapes> = Handler<DataOf<K>>;

/** Numbers that are not sent read as this. */
const NONE = Number.NaN;

/** A book with its changes: each names the one before. */
const change: Handle<'change'> = (out) => (data) => {
  const { timestamp, change_id, prev_change_id, bids, asks } = data;
  if (data.type === 'snapshot') out.snapshot(timestamp, change_id, bids, asks);
  else out.delta(timestamp, NONE, change_id, prev_change_id, bids, asks);
};

const grouped: Handle<'grouped'> = (out) => (data) => out.snapshot(data.timestamp, data.change_id, data.bids, data.asks);

const trade: Handle<'trade'> = (out) => (row) =>
  out.trade(row.timestamp, row.trade_id, row.price, row.amount, sideFromWire(row.direction));

/** A liquidation is a trade that says so. */
const liquidation: Handle<'trade'> = (out) => (row) => {
  if (row.liquidation === null) return;
  out.liquidation(row.timestamp, { side: liquidatedSide(row.direction, row.liquidation), price: row.price, size: row.amount });
};

/** A side without orders is told as 0. */
const quote: Handle<'quote'> = (out) => (data) => {
  const [bid, ask] = [data.best_bid_price || NONE, data.best_ask_price || NONE];
  out.quote(data.timestamp, NONE, bid, bid > 0 ? data.best_bid_amount : NONE, ask, ask > 0 ? data.best_ask_amount : NONE);
};

/** The price a day ago is not told. */
const ticker: Handle<'ticker'> = (out) => (data) => {
  const { last_price: last, timestamp } = data;
  const { high, low, volume, volume_usd, volume_notional } = data.stats;
  const name = data.instrument_name;
  const volumes = isInverse(name)
    ? { volume: volume_usd, quoteVolume: volume_usd }
    : { volume, quoteVolume: isOption(name) ? null : volume_notional };
  out.ticker(timestamp, { last, open: null, high, low, ...volumes });
};

/** Rate, mark and index price; the rate of eight hours is paid all the time, so no payment is next. */
const funding: Handle<'ticker'> = (out) => (data) => {
  const { current_funding: rate, mark_price: markPrice, index_price: indexPrice, timestamp } = data;
  const intervalHours = Number.isNaN(rate) ? null : FUNDING_HOURS;
  out.funding(timestamp, { rate, intervalHours, markPrice, indexPrice });
};

const openInterest: Handle<'ticker'> = (out) => (data) => {
  if (!Number.isNaN(data.open_interest)) out.openInterest(data.timestamp, data.open_interest);
};

/** Volatilities are told in percent, 0 on a side without orders. */
const greeks: Handle<'greeks'> = (out) => (data) => {
  const { timestamp, mark_price: markPrice, underlying_price: underlyingPrice, mark_iv, bid_iv, ask_iv } = data;
  const { delta, gamma, vega, theta, rho } = data.greeks;
  const volatilities = { markIv: mark_iv / 100, bidIv: (bid_iv || NONE) / 100, askIv: (ask_iv || NONE) / 100 };
  out.greeks(timestamp, { delta, gamma, vega, theta, rho, ...volatilities, markPrice, underlyingPrice });
};

/** The rate and the index alone. */
const perpetual: Handle<'perpetual'> = (out) => (data) => {
  out.funding(data.timestamp, { rate: data.interest, intervalHours: FUNDING_HOURS, indexPrice: data.index_price });
};

/** Candles do not say when they are over. Volume is in the unit of amounts: dollars on inverse contracts. */
const candle: Handle<'candle'> = (out) => (data) => {
  const { tick: openTime, open, high, low, close } = data;
  const volume = isInverse(out.subject.venueSymbol) ? data.cost : data.volume;
  out.candle(NONE, { interval: out.interval, openTime, open, high, low, close, volume, closed: false });
};

/** Data -> events, by feed. `venueTime` is the venue's `timestamp`. */
export const HANDLERS = { change, grouped, trade, liquidation, quote, ticker, funding, openInterest, greeks, perpetual, candle };

/** Of a channel that tells of many instruments, this subscription's own. */
export const ownLiquidation = onlyIf<DataOf<'trade'>>(
  ({ instrument_name }, { subject }) => instrument_name === subject.venueSymbol,
  liquidation,
);

/** A trade, and the liquidation that it was: where nobody has asked for either. */
export const allOfTrade: Handle<'trade'> = allOf(trade, liquidation);

/** All that a ticker tells: where nobody has asked for a part of it. */
export const allOfTicker = allOf<DataOf<'ticker'>>(
  ticker,
  onlyIf(({ instrument_name: name }) => !isSpot(name) && !isOption(name), funding),
  onlyIf(({ instrument_name }) => !isSpot(instrument_name), openInterest),
);

/** As {@link allOfTicker}, of an option. */
export const allOfOption = allOf<DataOf<'ticker'> & DataOf<'greeks'>>(allOfTicker, greeks);
