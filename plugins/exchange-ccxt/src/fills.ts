import { type Fill, type FillQuery, SpeedError } from '@speed-protocol/core';
import { has } from './capabilities.js';
import type { CcxtBridge } from './exchange.js';
import type { KnownOrders } from './known-orders.js';
import { fillOf } from './order-formats.js';
import type { CcxtExchange, CcxtTrade } from './types.js';

/** Questions of one query at most: an exchange that never has enough does not hold us for ever. */
const MOST_PAGES = 50;

/** Own fills, oldest first. ccxt asks by time: where a trade id is given, from the time on that it is known to be of. */
export async function readFills(
  bridge: CcxtBridge,
  known: KnownOrders,
  symbol: string,
  query: FillQuery = {},
): Promise<readonly Fill[]> {
  const { fromId, since, venueOrderId, limit, signal } = query;
  bridge.signed();
  await bridge.reference.instrument(symbol, { signal });
  const from = since ?? (fromId === undefined ? undefined : known.tradeTime(fromId));
  const rows = await (venueOrderId === undefined
    ? pages(bridge, symbol, from, { signal })
    : ofOrder(bridge, symbol, venueOrderId, { signal }));
  const fills = read(bridge, known, symbol, rows);
  const begin =
    fromId === undefined
      ? 0
      : Math.max(
          0,
          fills.findIndex(({ tradeId }) => tradeId === fromId),
        );
  const wanted = fills.slice(begin);
  if (limit === undefined) return wanted;
  return from === undefined && venueOrderId === undefined ? wanted.slice(-limit) : wanted.slice(0, limit);
}

function read(bridge: CcxtBridge, known: KnownOrders, symbol: string, rows: readonly CcxtTrade[]): readonly Fill[] {
  try {
    const fills = rows.map((row) => fillOf(bridge.venue, symbol, row, known.clientId(row.order ?? '')));
    for (const { tradeId, time } of fills) known.learnTrade(tradeId, time);
    return fills;
  } catch (error) {
    throw bridge.protocol('fetchMyTrades', (error as Error).message, error);
  }
}

type Options = { readonly signal: AbortSignal | undefined };

async function ofOrder(bridge: CcxtBridge, symbol: string, id: string, options: Options): Promise<readonly CcxtTrade[]> {
  const exchange = bridge.signed();
  if (has(exchange, 'fetchOrderTrades')) {
    try {
      return sorted(await bridge.ask('fetchOrderTrades', exchange, (it) => it.fetchOrderTrades(id, symbol), options));
    } catch (error) {
      if (!SpeedError.is(error, 'unsupported')) throw error;
    }
  }
  return (await pages(bridge, symbol, undefined, options)).filter(({ order }) => order === id);
}

/** Page by page from a time on; without one the newest that the exchange gives. */
async function pages(
  bridge: CcxtBridge,
  symbol: string,
  since: number | undefined,
  options: Options,
): Promise<readonly CcxtTrade[]> {
  const exchange = bridge.signed();
  const found = new Map<string, CcxtTrade>();
  for (let at = since, page = 0; page < MOST_PAGES; page++) {
    const from = at === undefined ? undefined : Math.floor(at);
    const rows = await bridge.ask('fetchMyTrades', exchange, (it: CcxtExchange) => it.fetchMyTrades(symbol, from), options);
    const before = found.size;
    for (const row of rows) found.set(`${row.id} ${row.order}`, row);
    const newest = Math.max(...rows.map(({ timestamp = 0 }) => timestamp));
    if (at === undefined || found.size === before || newest <= at) break;
    at = newest;
  }
  return sorted([...found.values()]);
}

/** By time, then by number where they are numbers. */
function sorted(rows: readonly CcxtTrade[]): readonly CcxtTrade[] {
  return rows.toSorted((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0) || compareIds(a.id ?? '', b.id ?? ''));
}

function compareIds(a: string, b: string): number {
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
  return a < b ? -1 : a > b ? 1 : 0;
}
