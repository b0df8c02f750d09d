import type { CallOptions, DepthEvent, QuoteEvent, TradeEvent } from '@speed-protocol/core';
import type { TextReader } from '../market/collector.js';
import type { Params } from '../rest/endpoint.js';
import type { RestCallOptions } from '../rest/spec.js';
import type { RestExchange } from './rest-exchange.js';

/** How REST is asked for one thing of a market. */
interface Question<E extends string> {
  readonly endpoint: E;
  readonly params?: Params;
  readonly reader: TextReader;
}

/** How REST is asked for as much as one likes of it. */
interface LimitedQuestion<E extends string> {
  /** Where nobody says how much. */
  readonly limit: number;
  /** The route, and the limit in its words. */
  route(limit: number): readonly [endpoint: E, params: Params];
  readonly reader: TextReader;
}

/** A book as it is now: `limit` levels a side, as far as the venue serves them. */
export function snapshotsOf<E extends string>(exchange: RestExchange<E>, { limit: usual, route, reader }: LimitedQuestion<E>) {
  return (symbol: string, { limit = usual, ...options }: RestCallOptions & { readonly limit?: number } = {}) => {
    const [endpoint, params] = route(limit);
    return exchange.event<DepthEvent>(endpoint, symbol, params, options, reader);
  };
}

/** The newest trades, oldest first, of a venue that tells the newest first. */
export function newestTradesOf<E extends string>(exchange: RestExchange<E>, { limit: usual, route, reader }: LimitedQuestion<E>) {
  return async (symbol: string, { limit = usual, signal }: CallOptions & { readonly limit?: number } = {}) => {
    const [endpoint, params] = route(limit);
    return (await exchange.events<TradeEvent>(endpoint, symbol, params, { signal }, reader)).toReversed();
  };
}

/** Best bid and ask. */
export function quotesOf<E extends string>(exchange: RestExchange<E>, { endpoint, params = {}, reader }: Question<E>) {
  return (symbol: string, options: CallOptions = {}) => exchange.event<QuoteEvent>(endpoint, symbol, params, options, reader);
}
