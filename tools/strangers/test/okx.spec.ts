import okx from '@speed-protocol/exchange-okx/sim';
import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import ccxt, { type Exchange } from 'ccxt';
import { RestClient, WebsocketClient } from 'okx-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNoEscape, expectTruth, SEED } from './simulation.js';

const SYMBOLS = ['BTC/USDT:USDT', 'BTC/USD:BTC', 'BTC/USDT', 'ETH/USDT:USDT'];
const DERIVATIVES = ['BTC/USDT:USDT', 'BTC/USD:BTC'];

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await startSimulator({
    dialects: [okx],
    seed: SEED,
    symbols: SYMBOLS,
    flow: { eventsPerSecond: 60, liquidationSeconds: 1 },
  });
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

const rest = () => sim.ready.venues['okx']!.rest['public'] as string;
const ws = () => sim.ready.venues['okx']!.ws;

/** ccxt as it comes, but for its URLs. */
async function point<E extends Exchange>(exchange: E): Promise<E> {
  (exchange.urls as { api: object }).api = { rest: rest(), ws: ws().public.replace('/public', '') };
  // ccxt builds its agents for plain ws:// only when it has looked for a proxy.
  await exchange.loadHttpProxyAgent();
  return exchange;
}

interface RestBook {
  readonly data: readonly [{ readonly seqId: number }];
}

describe('ccxt okx', () => {
  let asked: Exchange;
  let pro: Exchange;
  beforeAll(async () => {
    asked = await point(new ccxt.okx({ enableLastJsonResponse: true }) as Exchange);
    pro = await point(new ccxt.pro.okx() as Exchange);
  });
  afterAll(() => pro.close());

  it('loads the markets', async () => {
    const markets = await asked.loadMarkets();
    const { listings } = { listings: SYMBOLS.map((symbol) => sim.oracle.market('okx', symbol).listing) };
    expect(Object.keys(markets).length).toBeGreaterThanOrEqual(40);
    for (const listing of listings) {
      const market = asked.market(listing.symbol);
      expect(market.id).toBe(listing.venueSymbol);
      expect(Number(market.precision.price)).toBe(Number(listing.tickSize));
      expect(Number(market.precision.amount)).toBe(Number(listing.lotSize));
      if (market.contract) expect([market.contractSize, market.inverse]).toEqual([Number(listing.contractSize), listing.inverse]);
    }
  });

  it.each(SYMBOLS)('fetches a book, trades, candles and the ticker of %s', async (symbol) => {
    const book = await asked.fetchOrderBook(symbol, 400);
    expectTruth(sim, 'okx', symbol, (asked.last_json_response as RestBook).data[0].seqId, book as never);
    const trades = await asked.fetchTrades(symbol, undefined, 50);
    expect(trades).toHaveLength(50);
    const { tape, grid } = sim.oracle.market('okx', symbol);
    for (const { id, price, amount, side } of trades) {
      const truth = tape.trades.find((trade) => String(trade.id) === id)!;
      expect([price, amount, side]).toEqual([grid.price(truth.price), grid.size(truth.size), truth.side]);
    }
    expect(await asked.fetchOHLCV(symbol, '5m', undefined, 100)).toHaveLength(100);
    expect((await asked.fetchTicker(symbol)).last).toBeGreaterThan(0);
  });

  it('says an unknown symbol is one', async () => {
    await expect(asked.fetchOrderBook('NOPE/USDT')).rejects.toThrow(ccxt.BadSymbol);
  });

  it.each(DERIVATIVES)('fetches funding, its history and open interest of %s', async (symbol) => {
    const market = sim.oracle.market('okx', symbol);
    const rate = await asked.fetchFundingRate(symbol);
    expect(rate).toMatchObject({ symbol, fundingTimestamp: market.funding!.nextTime(sim.clock.now()), interval: '8h' });
    const history = await asked.fetchFundingRateHistory(symbol, undefined, 5);
    expect(history.map(({ timestamp }) => timestamp)).toEqual(market.funding!.settlements.slice(-5).map(({ time }) => time));
    expect((await asked.fetchOpenInterest(symbol)).symbol).toBe(symbol);
    expect((await asked.fetchMarkPrice(symbol)).markPrice).toBeGreaterThan(0);
  });

  it(`watches books that are the oracle's, seed ${SEED}`, async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 60; i++) {
      const book = await pro.watchOrderBookForSymbols(SYMBOLS);
      expectTruth(sim, 'okx', book.symbol as string, book.nonce as number, book as never);
      seen.add(book.symbol as string);
    }
    expect([...seen].sort()).toEqual([...SYMBOLS].sort());
  });

  it('watches trades, quotes, tickers, candles, mark and funding', async () => {
    const [symbol] = DERIVATIVES as [string];
    expect((await pro.watchTrades(symbol)).length).toBeGreaterThan(0);
    const { [symbol]: quote } = await pro.watchBidsAsks([symbol]);
    expect(quote!.bid).toBeLessThan(quote!.ask as number);
    expect((await pro.watchTicker(symbol)).symbol).toBe(symbol);
    expect((await pro.watchOHLCV(symbol, '1m')).length).toBeGreaterThan(0);
    expect((await pro.watchMarkPrice(symbol)).markPrice).toBeGreaterThan(0);
    expect((await pro.watchFundingRate(symbol)).symbol).toBe(symbol);
    expect((await pro.watchLiquidations(symbol)).length).toBeGreaterThan(0);
  });
});

interface Frame {
  readonly arg?: { readonly channel: string; readonly instId: string };
  readonly action?: string;
  readonly data?: readonly {
    readonly seqId: number;
    readonly prevSeqId: number;
    readonly checksum: number;
    readonly bids: readonly (readonly string[])[];
    readonly asks: readonly (readonly string[])[];
  }[];
}

type Side = Map<number, number>;

/** The venue's recipe and nothing more, for a client that hands out frames but keeps no book. */
class RecipeBook {
  readonly bids: Side = new Map();
  readonly asks: Side = new Map();
  sequence = -1;
  updates = 0;

  take({ action, data }: Frame): void {
    const [row] = data!;
    expect([row!.prevSeqId, row!.checksum]).toEqual([action === 'snapshot' ? -1 : this.sequence, 0]);
    if (action === 'update') this.updates++;
    this.sequence = row!.seqId;
    for (const side of ['bids', 'asks'] as const) {
      for (const [price, size] of row![side]) {
        if (size === '0') this[side].delete(Number(price));
        else this[side].set(Number(price), Number(size));
      }
    }
  }

  levels() {
    const sorted = (side: Side, sign: number) => [...side].sort((a, b) => sign * (a[0] - b[0]));
    return { bids: sorted(this.bids, -1), asks: sorted(this.asks, 1) };
  }
}

describe('okx-api', () => {
  it('asks for the listing, a book, candles, tickers and funding', async () => {
    const client = new RestClient({ baseUrl: rest() });
    expect((await client.getInstruments({ instType: 'SWAP' })).length).toBeGreaterThan(10);
    const [book] = await client.getOrderBook({ instId: 'BTC-USDT-SWAP', sz: '5' });
    expect(book!.bids).toHaveLength(5);
    expect(await client.getCandles({ instId: 'BTC-USDT', bar: '1H', limit: '10' })).toHaveLength(10);
    expect((await client.getTicker({ instId: 'BTC-USD-SWAP' }))[0]).toMatchObject({ instId: 'BTC-USD-SWAP', instType: 'SWAP' });
    expect((await client.getFundingRate({ instId: 'BTC-USDT-SWAP' }))[0]).toMatchObject({ method: 'current_period' });
    await expect(client.getOrderBook({ instId: 'NOPE', sz: '5' })).rejects.toMatchObject({ code: '51001' });
  });

  it(`streams books that are the oracle's, seed ${SEED}`, async () => {
    const client = new WebsocketClient({ wsUrl: ws().private as string, pingInterval: 500 });
    const books = new Map<string, RecipeBook>();
    const failures: unknown[] = [];
    const done = new Promise<void>((resolve) => {
      client.on('update', (message) => {
        const frame = message as unknown as Frame;
        if (frame.arg?.channel !== 'books') return;
        try {
          const { instId } = frame.arg;
          const book = books.get(instId) ?? new RecipeBook();
          books.set(instId, book);
          book.take(frame);
          expectTruth(sim, 'okx', instId, book.sequence, book.levels());
        } catch (error) {
          failures.push(error);
        }
        if (failures.length > 0 || [...books.values()].filter(({ updates }) => updates >= 15).length === 2) resolve();
      });
    });
    client.on('exception', (error) => failures.push(error));
    await client.subscribe([
      { channel: 'books', instId: 'BTC-USDT-SWAP' },
      { channel: 'books', instId: 'BTC-USDT' },
    ]);
    await done;
    client.closeAll(true);
    expect(failures).toEqual([]);
  });
});
