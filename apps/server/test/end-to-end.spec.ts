import { OrderBook } from '@speed-protocol/book';
import { connect } from '@speed-protocol/client';
import { type DepthEvent, levelsFromPairs, levelsToPairs, systemClock } from '@speed-protocol/core';
import { createHost, DEFAULT_CONFIG, Plugins } from '@speed-protocol/host';
import type { BookMessage, DepthMessage, GapMessage } from '@speed-protocol/protocol';
import { type Dialect, type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer } from '../src/index.js';

const SEED = Number(process.env['SPEED_SEED'] ?? 20_261_121);
const CONDITIONS = ['@speed/source'];
/** The first symbol of each venue's simulation. */
const MARKETS = [
  ['binance', 'BTC/USDT'],
  ['binanceusdm', 'BTC/USDT:USDT'],
  ['binancecoinm', 'BTC/USD:BTC'],
] as const;

let simulator: RunningSimulator;
let parts: AsyncDisposable[] = [];
let url = '';

/** The journey of a depth frame with every real part: simulated exchange, plugin, host, server, sockets. */
beforeAll(async () => {
  const plugins = await Plugins.discover({ directories: [import.meta.dirname], conditions: CONDITIONS });
  const simulated = plugins.list.filter(({ venues }) => venues.includes('binance'));
  const dialects = (await Promise.all(simulated.map((info) => plugins.import(info, info.sim)))) as Dialect[];
  simulator = await startSimulator({ dialects, seed: SEED, symbols: 2 });
  const venues = Object.entries(simulator.ready.venues).map(([venue, { rest }]) => [
    venue,
    { environment: 'sim', origin: Object.values(rest)[0] },
  ]);
  const config = { ...DEFAULT_CONFIG, venues: Object.fromEntries(venues) };
  const own = { appDirectory: import.meta.dirname, projectDirectory: null, conditions: CONDITIONS, clock: { ...systemClock } };
  const host = await createHost({ ...own, config });
  const server = await createServer(host, { port: 0, bookIntervalMs: 20 });
  parts = [server, host, simulator];
  url = server.webSocketUrl;
});
afterAll(async () => {
  for (const part of parts) await part[Symbol.asyncDispose]();
});

/** True when the message says what the simulation's book says at that sequence. */
function agrees({ venue, symbol, sequence, bids, asks }: BookMessage): boolean {
  const oracle = simulator.oracle.book(venue, symbol, sequence ?? undefined);
  expect({ venue, sequence, bids, asks }, `seed ${SEED}`).toEqual({
    venue,
    sequence,
    bids: oracle.bids.slice(0, 10),
    asks: oracle.asks.slice(0, 10),
  });
  return true;
}

it('shows the books of all three products as the simulation knows them', async () => {
  await using client = connect(url);
  const { venues } = await client.call('describe');
  expect(venues.map(({ id }) => id)).toEqual(expect.arrayContaining(['binance', 'binancecoinm', 'binanceusdm']));
  for (const [venue, symbol] of MARKETS) {
    let checked = 0;
    for await (const batch of client.events({ feed: 'book', venue, symbol })) {
      for (const each of batch) if (each.type === 'book' && each.state === 'live') checked += Number(agrees(each));
      if (checked >= 10) break;
    }
  }
});

it('feeds late clients a depth that leads to the same book', async () => {
  const [venue, symbol] = MARKETS[1];
  await using early = connect(url);
  await using late = connect(url);
  await using _subscription = await early.subscribe({ feed: 'depth', venue, symbol }, () => {});
  const book = new OrderBook();
  let deltas = 0;
  for await (const batch of late.events({ feed: 'depth', venue, symbol })) {
    for (const each of batch) {
      expect(apply(book, each)).not.toBe('refused');
      if (each.type === 'depth' && each.kind === 'delta') deltas++;
    }
    if (deltas >= 20) break;
  }
  const { state, sequence } = book.status();
  expect(state).toBe('live');
  const oracle = simulator.oracle.book(venue, symbol, sequence ?? undefined);
  const { bids, asks } = book.top(100);
  expect(levelsToPairs(bids)).toEqual(oracle.bids.slice(0, 100));
  expect(levelsToPairs(asks)).toEqual(oracle.asks.slice(0, 100));
});

function apply(book: OrderBook, message: DepthMessage | GapMessage): string {
  if (message.type === 'gap') {
    book.onGap();
    return 'gap';
  }
  const levels = { bids: levelsFromPairs(message.bids), asks: levelsFromPairs(message.asks) };
  return book.applyDepth({ ...message, ...levels } as DepthEvent);
}

it('says that books are stale when the exchange cuts, and shows them right again', async () => {
  const [venue, symbol] = MARKETS[1];
  await using client = connect(url);
  const states: string[] = [];
  let wasCut = false;
  for await (const batch of client.events({ feed: 'book', venue, symbol }, { policy: 'lossless' })) {
    for (const each of batch) {
      if (each.type !== 'book') continue;
      if (each.state !== states.at(-1)) states.push(each.state);
      if (each.state === 'live') agrees(each);
      if (!wasCut && each.state === 'live') {
        wasCut = true;
        simulator.faults.inject({ kind: 'cut', venue });
      }
    }
    if (states.join().endsWith('live,stale,live')) break;
  }
  expect(wasCut).toBe(true);
});

it('answers about instruments, funding and the price of size', async () => {
  await using client = connect(url);
  const [venue, symbol] = MARKETS[1];
  const { instruments, total } = await client.call('instruments', { venue, base: 'BTC' });
  expect(total).toBe(instruments.length);
  expect(instruments.find((each) => each.symbol === symbol)).toMatchObject({ kind: 'perpetual', settle: 'USDT', inverse: false });
  expect(await client.call('funding', { venue, symbol })).toMatchObject({ venue, symbol, intervalHours: expect.any(Number) });
  const impact = await client.call('price_impact', { venue, symbol, side: 'buy', quote: 1000 });
  expect(impact).toMatchObject({ complete: true, impactPercent: expect.any(Number) });
  expect(impact.averagePrice).toBeGreaterThan(impact.midPrice ?? Number.POSITIVE_INFINITY);
  await expect(client.call('funding', { venue, symbol: 'BTC/USDX:USDT' })).rejects.toMatchObject({
    kind: 'not-found',
    message: expect.stringContaining('did you mean'),
  });
  const { venues } = await client.call('status');
  expect(venues.find((each) => each.venue === venue)?.connections.length).toBeGreaterThan(0);
});
