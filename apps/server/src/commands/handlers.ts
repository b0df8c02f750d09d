import { priceImpact } from '@speed-protocol/book';
import { type Connector, type Funding, type Instrument, SpeedError } from '@speed-protocol/core';
import { type BookResult, type CommandName, DEFAULT_BOOK_LEVELS } from '@speed-protocol/protocol';
import { bookMembers } from '../channels/book-source.js';
import { recordingHandlers } from '../recordings.js';
import { withBook } from './books.js';
import type { Handler, Params } from './context.js';
import { describe } from './describe.js';
import { tradingHandlers } from './trading.js';

/** What each command does. */
export const handlers: { readonly [C in CommandName]: Handler<C> } = {
  auth({ token }, _context, caller) {
    caller.authenticate(token);
    return { authenticated: true };
  },
  ping: (_params, { host }) => ({ time: host.clock.now() }),
  describe: (_params, context) => describe(context),
  status: (_params, context) => context.status(),
  subscribe: async (spec, _context, caller) => ({ channel: await caller.subscribe(spec) }),
  unsubscribe: ({ channel }, _context, caller) => ({ channel, wasSubscribed: caller.unsubscribe(channel) }),
  instruments: async (params, context, _caller, signal) => {
    const connector = await context.connect(params.venue);
    const found = (await connector.reference.instruments({ signal })).filter((each) => matches(each, params));
    return { instruments: found.slice(0, params.limit ?? found.length), total: found.length };
  },
  book: (params, context, _caller, signal) =>
    withBook(
      params,
      context,
      signal,
      (lease) => JSON.parse(`{${bookMembers(lease, params.levels ?? DEFAULT_BOOK_LEVELS)}}`) as BookResult,
    ),
  price_impact: ({ venue, symbol, ...request }, context, _caller, signal) =>
    withBook({ venue, symbol }, context, signal, ({ book }) => {
      const { sequence, ageMs } = book.status();
      const impact = priceImpact(book, book.instrument, request as Parameters<typeof priceImpact>[2]);
      return { venue, symbol, side: request.side, sequence, ageMs, ...impact };
    }),
  funding: async ({ venue, symbol }, context, _caller, signal) =>
    requireFunding(await context.connect(venue)).current(symbol, { signal }),
  funding_history: async ({ venue, symbol, since, until, limit }, context, _caller, signal) => {
    const connector = await context.connect(venue);
    const funding = requireFunding(connector);
    if (!connector.capabilities.funding?.history) throw lacks(connector, 'funding history');
    const range = {
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
      ...(limit !== undefined && { limit }),
    };
    return { records: [...(await funding.history(symbol, { signal, ...range }))] };
  },
  ...recordingHandlers,
  ...tradingHandlers,
};

const FILTERS = ['symbol', 'kind', 'base', 'quote', 'status'] as const satisfies readonly (keyof Instrument)[];

function matches(instrument: Instrument, params: Params<'instruments'>): boolean {
  return FILTERS.every((key) => params[key] === undefined || params[key] === instrument[key]);
}

function requireFunding(connector: Connector): Funding {
  if (!connector.funding) throw lacks(connector, 'funding rates');
  return connector.funding;
}

const lacks = ({ venue }: Connector, what: string): SpeedError =>
  new SpeedError('unsupported', `${venue} has no ${what}; "describe" lists what each venue has`, { venue });
