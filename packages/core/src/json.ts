import type { Levels, SpeedEvent } from './events.js';
import type { AccountEvent } from './trading.js';

/**
 * A normalised event as one line of JSON, with exactly the keys that `speed normalize` documents: prices and sizes are
 * JSON numbers, ids strings, times ms, levels `[[price, size], ...]`, what the venue does not say is `null`.
 * `receivedAt` is left out, because it belongs to the receiver and not to the frame; `recovered` appears when true.
 * Plain concatenation: two to four times as fast as `JSON.stringify` on a depth event.
 *
 * @param members more members as JSON text with a leading comma, e.g. `,"channel":"trade:binance:BTC/USDT"`
 */
export function eventToJson(event: SpeedEvent, members = ''): string {
  const head = `{"type":"${event.type}",`;
  return `${head}${body(event)}${event.recovered === true ? ',"recovered":true' : ''}${members}}`;
}

/**
 * A private event as one line of JSON, as `speed normalize` prints it: what it is about under the name of its type, e.g.
 * `"fill":{...}`. Prices, amounts and fees are decimal text, digit for digit.
 */
export function accountEventToJson({ receivedAt: _, ...event }: AccountEvent): string {
  return JSON.stringify(event);
}

function body(event: SpeedEvent): string {
  const base = `"venue":"${event.venue}","symbol":${text(event.symbol)},"venueSymbol":${text(event.venueSymbol)},"venueTime":${number(event.venueTime)}`;
  switch (event.type) {
    case 'depth':
      return `"kind":"${event.kind}",${base},"sequence":${number(event.sequence)},"prevSequence":${number(event.prevSequence)},"bids":${levelsToJson(event.bids)},"asks":${levelsToJson(event.asks)}`;
    case 'trade':
      return `${base},"id":${text(event.id)},"price":${number(event.price)},"size":${number(event.size)},"side":"${event.side}"`;
    case 'quote':
      return `${base},"bid":${number(event.bid)},"bidSize":${number(event.bidSize)},"ask":${number(event.ask)},"askSize":${number(event.askSize)}`;
    case 'ticker':
      return `${base},"last":${number(event.last)},"open":${number(event.open)},"high":${number(event.high)},"low":${number(event.low)},"volume":${number(event.volume)},"quoteVolume":${number(event.quoteVolume)}`;
    case 'candle':
      return `${base},"interval":${text(event.interval)},"openTime":${number(event.openTime)},"open":${number(event.open)},"high":${number(event.high)},"low":${number(event.low)},"close":${number(event.close)},"volume":${number(event.volume)},"closed":${event.closed}`;
    case 'funding':
      return `${base},"rate":${number(event.rate)},"predictedRate":${number(event.predictedRate)},"nextFundingTime":${number(event.nextFundingTime)},"intervalHours":${number(event.intervalHours)},"markPrice":${number(event.markPrice)},"indexPrice":${number(event.indexPrice)}`;
    case 'liquidation':
      return `${base},"side":"${event.side}","price":${number(event.price)},"size":${number(event.size)}`;
    case 'openInterest':
      return `${base},"amount":${number(event.amount)}`;
    case 'greeks':
      return `${base},"delta":${number(event.delta)},"gamma":${number(event.gamma)},"vega":${number(event.vega)},"theta":${number(event.theta)},"rho":${number(event.rho)},"markIv":${number(event.markIv)},"bidIv":${number(event.bidIv)},"askIv":${number(event.askIv)},"markPrice":${number(event.markPrice)},"underlyingPrice":${number(event.underlyingPrice)}`;
    case 'gap':
      return `${base},"feed":"${event.feed}","reason":"${event.reason}"`;
  }
}

/** Shortest text that reads back to the same float64; what is not a finite number is `null`, as in `JSON.stringify`. */
function number(value: number | null): string {
  return value !== null && Number.isFinite(value) ? `${value}` : 'null';
}

/** Most strings here are ids and symbols: quoting is enough unless something needs an escape. */
function text(value: string | null): string {
  if (value === null) return 'null';
  return /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(value) ? `"${value}"` : JSON.stringify(value);
}

/** `[[price,size],...]` of a view. */
export function levelsToJson({ values, start, count }: Levels): string {
  let out = '[';
  for (let i = 0, at = start; i < count; i++, at += 2) {
    out += `${i === 0 ? '[' : ',['}${values[at]},${values[at + 1]}]`;
  }
  return `${out}]`;
}
