import { DerivativesTradingUsdsFutures } from '@binance/derivatives-trading-usds-futures';
import { Spot } from '@binance/spot';
import type { RunningSimulator } from '@speed-protocol/simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

/** Messages of a stream, one after the other. */
function queue<T>(stream: { on(event: 'message', listener: (message: T) => void): void }): { next(): Promise<T> } {
  const waiting: T[] = [];
  let wake = () => {};
  stream.on('message', (message) => {
    waiting.push(message);
    wake();
  });
  return {
    async next() {
      while (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.shift()!;
    },
  };
}

async function followBook(
  venue: string,
  snapshot: () => Promise<WireSnapshot>,
  messages: { next(): Promise<unknown> },
): Promise<void> {
  const first = (await messages.next()) as WireDelta;
  const book = new ReferenceBook(await snapshot());
  for (let delta = first; book.applied < 30; delta = (await messages.next()) as WireDelta) {
    if (book.apply(delta)) expectTruth(sim, venue, 'BTCUSDT', book.sequence, book);
  }
}

it(`@binance/spot: REST and streams make the oracle's book, seed ${SEED}`, async () => {
  const { rest, ws } = sim.ready.venues['binance']!;
  const client = new Spot({
    configurationRestAPI: { apiKey: '', basePath: rest['public']! },
    configurationWebsocketStreams: { wsURL: ws.public },
  });
  const info = await (await client.restAPI.exchangeInfo()).data();
  expect(info.symbols!.length).toBeGreaterThanOrEqual(20);
  const connection = await client.websocketStreams.connect();
  const trades = queue(connection.trade({ symbol: 'btcusdt' }));
  const depth = queue(connection.diffBookDepth({ symbol: 'btcusdt', updateSpeed: '100ms' as never }));
  await followBook(
    'binance',
    async () => (await (await client.restAPI.depth({ symbol: 'BTCUSDT', limit: 1000 })).data()) as never,
    depth,
  );
  expect(await trades.next()).toMatchObject({ s: 'BTCUSDT' });
  await connection.disconnect();
});

it(`@binance/derivatives-trading-usds-futures: its three sockets and the oracle's book, seed ${SEED}`, async () => {
  const origin = new URL(sim.ready.venues['binanceusdm']!.ws.public).origin;
  const client = new DerivativesTradingUsdsFutures({
    configurationRestAPI: { apiKey: '', basePath: sim.ready.venues['binanceusdm']!.rest['public']! },
    configurationWebsocketStreams: { wsURL: origin },
  });
  const connection = await client.websocketStreams.connect();
  const marks = queue(connection.markPriceStream({ symbol: 'btcusdt', updateSpeed: '1s' as never }));
  const depth = queue(connection.diffBookDepthStreams({ symbol: 'btcusdt', updateSpeed: '100ms' as never }));
  const snapshot = async () => (await (await client.restAPI.orderBook({ symbol: 'BTCUSDT', limit: 1000 })).data()) as never;
  await followBook('binanceusdm', snapshot, depth);
  expect(await marks.next()).toMatchObject({ e: 'markPriceUpdate', s: 'BTCUSDT' });
  const funding = await (await client.restAPI.getFundingRateHistory({ symbol: 'BTCUSDT', limit: 3 })).data();
  expect(funding).toHaveLength(3);
  await connection.disconnect();
});
