import type { RunningSimulator } from '@speed-protocol/simulator';
import { CoinMClient, MainClient, USDMClient, WebsocketClient, type WsKey } from 'binance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReferenceBook, type WireDelta, type WireSnapshot } from '../src/index.js';
import { expectNoEscape, expectTruth, SEED, simulate } from './simulation.js';

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await simulate();
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

const REST = { binance: MainClient, binanceusdm: USDMClient, binancecoinm: CoinMClient } as const;
const VENUES = [
  { venue: 'binance', symbol: 'BTCUSDT', wsKey: 'main', streams: ['btcusdt@trade'] },
  { venue: 'binanceusdm', symbol: 'BTCUSDT', wsKey: 'usdmPublic', streams: [] },
  { venue: 'binancecoinm', symbol: 'BTCUSD_PERP', wsKey: 'coinm', streams: ['btcusd_perp@markPrice@1s', 'btcusd_perp@trade'] },
] as const;

type Message = { e?: string; wsKey?: string; data?: Message } & Record<string, unknown>;

/** Frames of a WebsocketClient as they come, out of their wrapper. */
class Frames {
  readonly client: WebsocketClient;
  readonly #queue: Message[] = [];
  #wake = () => {};

  constructor(wsUrl: string) {
    this.client = new WebsocketClient({ wsUrl, beautify: false });
    this.client.on('message', (message) => {
      const frame = message as unknown as Message;
      this.#queue.push(frame.data ?? frame);
      this.#wake();
    });
    this.client.on('exception', (error) => console.error(error));
  }

  async next(type: string): Promise<Message> {
    for (;;) {
      const at = this.#queue.findIndex((frame) => frame.e === type);
      if (at >= 0) return this.#queue.splice(at, 1)[0]!;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

describe.each(VENUES)('binance (npm) on $venue', ({ venue, symbol, wsKey, streams }) => {
  const create = () => new REST[venue]({ baseUrl: sim.ready.venues[venue]!.rest['public']! });

  it('asks for the listing, a book, candles and tickers', async () => {
    const client = create();
    const { symbols } = await client.getExchangeInfo();
    expect(symbols.length).toBeGreaterThanOrEqual(20);
    const snapshot = (await client.getOrderBook({ symbol, limit: 1000 })) as unknown as WireSnapshot;
    const book = new ReferenceBook(snapshot);
    expectTruth(sim, venue, symbol, snapshot.lastUpdateId, book);
    expect((await client.getKlines({ symbol, interval: '1m', limit: 10 })).length).toBe(10);
    expect((await client.getRecentTrades({ symbol, limit: 10 })).length).toBe(10);
  });

  it(`streams differences that make the oracle's book, seed ${SEED}`, async () => {
    const frames = new Frames(sim.ready.venues[venue]!.ws.public);
    await frames.client.subscribe(
      [`${symbol.toLowerCase()}@depth@100ms`, `${symbol.toLowerCase()}@bookTicker`, ...streams],
      wsKey as WsKey,
    );
    const buffered = [await frames.next('depthUpdate')];
    const book = new ReferenceBook((await create().getOrderBook({ symbol, limit: 1000 })) as unknown as WireSnapshot);
    while (book.applied < 30) {
      const delta = buffered.shift() ?? (await frames.next('depthUpdate'));
      if (book.apply(delta as unknown as WireDelta)) expectTruth(sim, venue, symbol, book.sequence, book);
    }
    for (const stream of streams) await frames.next(stream.includes('markPrice') ? 'markPriceUpdate' : 'trade');
    frames.client.closeAll(true);
  });
});

it('binance (npm) reads mark prices behind the market door of USD-M', async () => {
  const frames = new Frames(sim.ready.venues['binanceusdm']!.ws.market!);
  await frames.client.subscribe(['btcusdt@markPrice@1s', 'btcusdt@aggTrade'], 'usdmMarket' as WsKey);
  expect(await frames.next('markPriceUpdate')).toMatchObject({ s: 'BTCUSDT', st: 1 });
  expect(await frames.next('aggTrade')).toMatchObject({ s: 'BTCUSDT' });
  frames.client.closeAll(true);
});

it('binance (npm) reads funding', async () => {
  const client = new USDMClient({ baseUrl: sim.ready.venues['binanceusdm']!.rest['public']! });
  const market = sim.oracle.market('binanceusdm', 'BTCUSDT');
  expect(await client.getMarkPrice({ symbol: 'BTCUSDT' })).toMatchObject({
    nextFundingTime: market.funding!.nextTime(sim.clock.now()),
  });
  expect(await client.getFundingRateHistory({ symbol: 'BTCUSDT', limit: 3 })).toHaveLength(3);
});
