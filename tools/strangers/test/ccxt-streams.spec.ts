import type { RunningSimulator } from '@speed-protocol/simulator';
import ccxt, { type Balances, type Exchange, type Order, type Position, type Trade } from 'ccxt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pointAll } from '../src/index.js';
import { expectNoEscape, SEED, simulate } from './simulation.js';
import {
  expectFills,
  Inbox,
  ledgerBalance,
  ledgerOrders,
  openAccount,
  restingPrice,
  TRADED,
  TRADED_VENUES,
  type TradedVenue,
} from './trading.js';

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await simulate();
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

/** A client of an account of its own; ccxt asks spot for currencies, whatever it trades, so the account is known there too. */
async function createExchange(venue: TradedVenue, account: string): Promise<Exchange> {
  for (const other of new Set([venue, 'binance'] as const)) await openAccount(sim, other, account);
  const { apiKey, secret } = sim.accounts(venue).get(account)!.credentials;
  const exchange = new ccxt.pro[venue]({ apiKey, secret }) as Exchange;
  exchange.urls = pointAll(sim.ready, exchange.urls as object) as never;
  await exchange.loadHttpProxyAgent();
  await exchange.loadMarkets();
  return exchange;
}

/** Everything that a `watch` method hands out, until the exchange is closed. */
function follow<T>(watch: () => Promise<T | T[]>): Inbox<T> {
  const inbox = new Inbox<T>();
  const loop = async () => {
    for (;;) {
      const news = await watch();
      for (const item of Array.isArray(news) ? [...news] : [news]) inbox.push(structuredClone(item));
    }
  };
  loop().catch(() => {});
  return inbox;
}

/** Places and cancels orders until one is heard of: ccxt does not say when it listens. @returns their ids */
async function knock(exchange: Exchange, venue: TradedVenue, heard: () => boolean): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  while (!heard()) {
    const { unified, size } = TRADED[venue];
    const { id } = await exchange.createOrder(unified, 'limit', 'buy', size, restingPrice(sim, venue));
    ids.add(id as string);
    await exchange.cancelOrder(id as string, unified);
  }
  return ids;
}

describe.each(TRADED_VENUES)('ccxt.pro on %s', (venue) => {
  const { unified, size } = TRADED[venue];

  it(`watches orders, trades and balances that are the ledger's, seed ${SEED}`, async () => {
    const account = `watcher of ${venue}`;
    const exchange = await createExchange(venue, account);
    const asset = venue === 'binancecoinm' ? 'BTC' : 'USDT';
    const orders = follow<Order>(() => exchange.watchOrders(unified));
    const trades = follow<Trade>(() => exchange.watchMyTrades(unified));
    const balances = follow<Balances>(() => exchange.watchBalance());
    const early = await knock(exchange, venue, () => orders.items.length > 0);
    const filled = await exchange.createOrder(unified, 'market', 'buy', size);
    const resting = await exchange.createOrder(unified, 'limit', 'buy', size, restingPrice(sim, venue));
    await exchange.cancelOrder(resting.id as string, unified);
    await orders.until((seen) => seen.some(({ id, status }) => id === resting.id && status === 'canceled'));
    await orders.until((seen) => seen.some(({ id, status }) => id === filled.id && status === 'closed'));
    const ended = new Map(orders.items.map(({ id, clientOrderId, status }) => [id, [clientOrderId, status]]));
    const words = { filled: 'closed', canceled: 'canceled' } as Record<string, string>;
    const told = [...ended].filter(([id]) => !early.has(id as string)).map(([, end]) => end);
    expect(told).toEqual(
      ledgerOrders(sim, venue, account)
        .slice(early.size)
        .map(([id, status]) => [id, words[status]]),
    );
    const expected = filled.trades?.length ?? 1;
    await trades.until((seen) => seen.length >= expected);
    const seen = trades.items.map(({ id, order, price, amount, fee }) => ({
      id: String(id),
      orderId: String(order),
      price: Number(price),
      size: Number(amount),
      fee: Number(fee?.cost),
    }));
    expectFills(sim, venue, account, seen);
    const truth = ledgerBalance(sim, venue, account, asset);
    await balances.until((news) => news.at(-1)?.[asset]?.total === truth);
    await exchange.close();
  });

  it(`trades over its order socket, seed ${SEED}`, async () => {
    const account = `socket of ${venue}`;
    const exchange = await createExchange(venue, account);
    const placed = await exchange.createOrderWs(unified, 'limit', 'buy', size, restingPrice(sim, venue));
    expect(placed.status).toBe('open');
    expect(await exchange.cancelOrderWs(placed.id as string, unified)).toMatchObject({ id: placed.id, status: 'canceled' });
    await exchange.createOrderWs(unified, 'market', 'buy', size);
    expect(ledgerOrders(sim, venue, account).map(([, status]) => status)).toEqual(['canceled', 'filled']);
    await exchange.close();
  });
});

describe.each(TRADED_VENUES.slice(1))('ccxt.pro on %s, positions', (venue) => {
  it(`watches the position that the ledger has, seed ${SEED}`, async () => {
    const { unified, size } = TRADED[venue];
    const exchange = await createExchange(venue, `holder of ${venue}`);
    const positions = follow<Position>(() => exchange.watchPositions([unified]));
    const orders = follow<Order>(() => exchange.watchOrders(unified));
    await knock(exchange, venue, () => orders.items.length > 0);
    await exchange.createOrder(unified, 'market', 'sell', size);
    const seen = await positions.until((news) => news.some(({ contracts }) => contracts === size));
    expect(seen.at(-1)).toMatchObject({ symbol: unified, side: 'short', contracts: size });
    await exchange.close();
  });
});
