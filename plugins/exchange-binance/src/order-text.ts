import type { Instrument, NewOrder, OrderSide, TimeInForce } from '@speed-protocol/core';
import type { Params } from '@speed-protocol/wire';
import type { Credentials } from './client.js';
import type { VenueId } from './config.js';

/** How sides are spelled. */
export const SIDES: Readonly<Record<OrderSide, 'BUY' | 'SELL'>> = { buy: 'BUY', sell: 'SELL' };
export const LEGS = { long: 'LONG', short: 'SHORT' } as const;

/** Futures: `GTX` rests or is refused. Spot has an order type for that instead. */
export const TIMES: Readonly<Record<TimeInForce, string>> = { GTC: 'GTC', IOC: 'IOC', FOK: 'FOK', POST_ONLY: 'GTX' };

function typeOf(venue: VenueId, order: NewOrder): 'MARKET' | 'LIMIT' | 'LIMIT_MAKER' {
  if (order.type === 'market') return 'MARKET';
  return venue === 'binance' && order.timeInForce === 'POST_ONLY' ? 'LIMIT_MAKER' : 'LIMIT';
}

/** In hedge mode the leg says whether an order reduces, and the flag is refused. */
function reduces(order: NewOrder): boolean {
  return order.reduceOnly === true && order.positionSide === undefined;
}

/** An order as a query, percent-encoded, without stamp and signature. Built by hand: this is the hot path. */
export function orderQuery(venue: VenueId, order: NewOrder, { venueSymbol }: Instrument): string {
  const type = typeOf(venue, order);
  let text = `symbol=${encodeURIComponent(venueSymbol)}&side=${SIDES[order.side]}&type=${type}&quantity=${order.amount}`;
  if (type === 'LIMIT') text += `&timeInForce=${TIMES[order.timeInForce ?? 'GTC']}`;
  if (type !== 'MARKET') text += `&price=${order.price}`;
  if (reduces(order)) text += '&reduceOnly=true';
  if (order.positionSide !== undefined) text += `&positionSide=${LEGS[order.positionSide]}`;
  return `${text}&newClientOrderId=${encodeURIComponent(order.clientOrderId)}&newOrderRespType=RESULT`;
}

/** An order of a batch: the same, not encoded. */
export function orderParams(venue: VenueId, order: NewOrder, instrument: Instrument): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(orderQuery(venue, order, instrument)));
}

/** What goes into a signed socket request besides its parameters. */
export interface SocketStamp {
  readonly id: string;
  /** Absent once the connection has logged on: then nothing is signed. */
  readonly credentials: Credentials | undefined;
  readonly recvWindowMs: number;
  /** The venue's clock, whole ms. */
  readonly timestamp: number;
}

/**
 * An order as a request on the order socket. The signature covers `name=value` pairs in alphabetical order, joined with `&`
 * and not percent-encoded, so both texts grow side by side in that order.
 */
export function orderRequest(venue: VenueId, order: NewOrder, { venueSymbol }: Instrument, stamp: SocketStamp): string {
  const type = typeOf(venue, order);
  const { credentials, recvWindowMs, timestamp } = stamp;
  let payload = `newClientOrderId=${order.clientOrderId}&newOrderRespType=RESULT`;
  let json = `"newClientOrderId":"${order.clientOrderId}","newOrderRespType":"RESULT"`;
  if (order.positionSide !== undefined) {
    payload += `&positionSide=${LEGS[order.positionSide]}`;
    json += `,"positionSide":"${LEGS[order.positionSide]}"`;
  }
  if (type !== 'MARKET') {
    payload += `&price=${order.price}`;
    json += `,"price":"${order.price}"`;
  }
  payload += `&quantity=${order.amount}&recvWindow=${recvWindowMs}`;
  json += `,"quantity":"${order.amount}","recvWindow":${recvWindowMs}`;
  if (reduces(order)) {
    payload += '&reduceOnly=true';
    json += ',"reduceOnly":"true"';
  }
  payload += `&side=${SIDES[order.side]}&symbol=${venueSymbol}`;
  json += `,"side":"${SIDES[order.side]}","symbol":"${venueSymbol}"`;
  if (type === 'LIMIT') {
    const time = TIMES[order.timeInForce ?? 'GTC'];
    payload += `&timeInForce=${time}`;
    json += `,"timeInForce":"${time}"`;
  }
  payload += `&timestamp=${timestamp}&type=${type}`;
  json += `,"timestamp":${timestamp},"type":"${type}"`;
  return envelope(stamp.id, 'order.place', json, signedBy(credentials, payload));
}

/** Any other request on a socket, signed when there are credentials. */
export function socketRequest(method: string, params: Params, stamp: SocketStamp): string {
  const { credentials, recvWindowMs: recvWindow, timestamp } = stamp;
  const all: Params = { ...params, timestamp, recvWindow };
  const names = Object.keys(all).filter((name) => all[name] !== undefined && all[name] !== null);
  names.sort();
  const text = names.map((name) => `${name}=${String(all[name])}`).join('&');
  const json = names.map((name) => `"${name}":${JSON.stringify(all[name])}`).join(',');
  return envelope(stamp.id, method, json, signedBy(credentials, text));
}

/** `apiKey` sorts before every name that we send. */
function signedBy(credentials: Credentials | undefined, payload: string): string {
  if (!credentials) return '';
  const { apiKey, sign } = credentials;
  return `,"apiKey":"${apiKey}","signature":"${sign(`apiKey=${apiKey}&${payload}`)}"`;
}

function envelope(id: string, method: string, params: string, signed: string): string {
  return `{"id":"${id}","method":"${method}","params":{${params}${signed}}}`;
}
