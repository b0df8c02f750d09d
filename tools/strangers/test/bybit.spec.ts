import bybit from '@speed-protocol/exchange-bybit/sim';
import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { RestClientV5, WebsocketClient } from 'bybit-api';
import ccxt, { type Exchange } from 'ccxt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pointBybit } from './bybit.js';
import { expectNoEscape, expectTruth, SEED } from './simulation.js';

const SYMBOLS = ['BTC/USDT:USDT', 'BTC/USD:BTC', 'BTC/USDT', 'ETH/USDT:USDT'];
const DERIVATIVES = ['BTC/USDT:USDT', 'BTC/USD:BTC'];

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await startSimulator({
    dialects: [bybit],
    seed: SEED,
    symbols: SYMBOLS,
    flow: { eventsPerSecond: 60, liquidationSeconds: 1 },
  });
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

const rest = () => sim.ready.venues['bybit']!.rest['public'] as string;
const stream = (category: string) => sim.ready.venues['bybit']!.ws.public.replace('linear', category);

interface BookMessage {
  readonly topic: string;
  readonly type: 'snapshot' | 'delta';
  readonly data: { readonly s: string; readonly u: number; readonly b: readonly string[][]; readonly a: readonly string[][] };
}

/** ccxt keeps books, but not the numbers of the messages that made them: those are noted beside it. */
class NumberedBybit extends ccxt.pro.bybit {
  readonly numbers = new Map<string, number>();
  readonly states: { readonly symbol: string; readonly number: number; readonly bids: number[][]; readonly asks: number[][] }[] =
    [];

  override handleOrderBook(client: { url: string }, message: BookMessage): void {
    super.handleOrderBook(client as never, message as never);
    const market = this.safeMarket(message.data.s, undefined, undefined, client.url.includes('spot') ? 'spot' : 'contract');
    const { bids, asks } = (this.orderbooks as Record<string, { bids: number[][]; asks: number[][] }>)[market.symbol as string]!;
    const copy = (levels: number[][]) => levels.map((level) => [level[0]!, level[1]!]);
    this.states.push({ symbol: market.symbol as string, number: message.data.u, bids: copy(bids), asks: copy(asks) });
  }
}

describe('ccxt bybit', () => {
  let asked: Exchange;
  let pro: NumberedBybit;
  beforeAll(async () => {
    asked = await pointBybit(sim, new ccxt.bybit({ enableLastJsonResponse: true }) as Exchange);
    pro = (await pointBybit(sim, new NumberedBybit() as unknown as Exchange)) as unknown as NumberedBybit;
  });
  afterAll(() => pro.close());

  it('loads the markets: spot and perpetual of one id are two', async () => {
    const markets = await asked.loadMarkets();
    expect(Object.keys(markets).length).toBeGreaterThanOrEqual(40);
    for (const symbol of [...SYMBOLS, 'BTC/USDC:USDC', '1000PEPE/USDT:USDT']) {
      const { listing } = sim.oracle.market('bybit', symbol);
      const market = asked.market(symbol);
      expect([market.id, market.type]).toEqual([listing.venueSymbol, listing.kind === 'spot' ? 'spot' : 'swap']);
      expect(Number(market.precision.price)).toBe(Number(listing.tickSize));
      expect(Number(market.precision.amount)).toBe(Number(listing.lotSize));
      if (market.contract) expect([market.contractSize, market.inverse]).toEqual([Number(listing.contractSize), listing.inverse]);
    }
    const dated = Object.values(markets).filter((market) => market?.future);
    expect(dated.length).toBeGreaterThanOrEqual(8);
    for (const market of dated) expect(sim.oracle.market('bybit', market!.symbol as string).listing.venueSymbol).toBe(market!.id);
  });

  it.each(SYMBOLS)('fetches a book, trades, candles and the ticker of %s', async (symbol) => {
    const book = await asked.fetchOrderBook(symbol, 500);
    const { u } = (asked.last_json_response as { result: { u: number } }).result;
    const truth = sim.oracle.book('bybit', symbol, u);
    expect(book.bids.map(([price, size]) => [price, size])).toEqual(truth.bids.slice(0, 500));
    expect(book.asks.map(([price, size]) => [price, size])).toEqual(truth.asks.slice(0, 500));
    const trades = await asked.fetchTrades(symbol, undefined, 50);
    expect(trades).toHaveLength(50);
    const { tape, grid } = sim.oracle.market('bybit', symbol);
    for (const { id, price, amount, side } of trades) {
      const row = tape.trades.find((trade) => String(trade.id) === id)!;
      expect([price, amount, side]).toEqual([grid.price(row.price), grid.size(row.size), row.side]);
    }
    expect(await asked.fetchOHLCV(symbol, '5m', undefined, 100)).toHaveLength(100);
    const ticker = await asked.fetchTicker(symbol);
    expect(ticker.last).toBeGreaterThan(0);
    expect(ticker.bid).toBeLessThan(ticker.ask as number);
  });

  it('says an unknown symbol is one', async () => {
    const asking = asked.publicGetV5MarketOrderbook({ category: 'linear', symbol: 'NOPEUSDT' });
    await expect(asking).rejects.toThrow(ccxt.BadRequest);
  });

  it.each(DERIVATIVES)('fetches funding, its history and open interest of %s', async (symbol) => {
    const market = sim.oracle.market('bybit', symbol);
    const rate = await asked.fetchFundingRate(symbol);
    expect(rate).toMatchObject({ symbol, fundingTimestamp: market.funding!.nextTime(sim.clock.now()), interval: '8h' });
    const history = await asked.fetchFundingRateHistory(symbol, undefined, 5);
    expect(history.map(({ timestamp }) => timestamp)).toEqual(market.funding!.settlements.slice(-5).map(({ time }) => time));
    expect((await asked.fetchOpenInterest(symbol)).symbol).toBe(symbol);
  });

  it(`watches books that are the oracle's, seed ${SEED}`, async () => {
    await pro.loadMarkets();
    const enough = () => SYMBOLS.every((symbol) => pro.states.filter((state) => state.symbol === symbol).length >= 10);
    const watch = async (symbol: string) => {
      while (!enough()) await pro.watchOrderBook(symbol, 1000);
    };
    await Promise.all(SYMBOLS.map(watch));
    for (const { symbol, number, bids, asks } of pro.states) expectTruth(sim, 'bybit', symbol, number, { bids, asks });
  });

  it('watches trades, quotes, tickers, candles and liquidations', async () => {
    const [symbol] = DERIVATIVES as [string];
    expect((await pro.watchTrades(symbol)).length).toBeGreaterThan(0);
    const { [symbol]: quote } = await pro.watchBidsAsks([symbol]);
    expect(quote!.bid).toBeLessThan(quote!.ask as number);
    expect((await pro.watchTicker(symbol)).symbol).toBe(symbol);
    expect((await pro.watchTicker('BTC/USDT')).symbol).toBe('BTC/USDT');
    expect((await pro.watchOHLCV(symbol, '1m')).length).toBeGreaterThan(0);
    expect((await pro.watchLiquidations(symbol)).length).toBeGreaterThan(0);
  });
});

/** The venue's recipe and nothing more, for a client that hands out frames but keeps no book. */
class RecipeBook {
  readonly #sides = { b: new Map<number, number>(), a: new Map<number, number>() };
  number = Number.NaN;
  updates = 0;

  take({ type, data }: BookMessage): void {
    if (type === 'snapshot') for (const side of Object.values(this.#sides)) side.clear();
    else expect(data.u).toBe(this.number + 1);
    if (type === 'delta') this.updates++;
    this.number = data.u;
    for (const name of ['b', 'a'] as const) {
      for (const [price, size] of data[name]) {
        if (Number(size) === 0) this.#sides[name].delete(Number(price));
        else this.#sides[name].set(Number(price), Number(size));
      }
    }
  }

  levels() {
    const sorted = (side: Map<number, number>, sign: number) => [...side].sort((x, y) => sign * (x[0] - y[0]));
    return { bids: sorted(this.#sides.b, -1), asks: sorted(this.#sides.a, 1) };
  }
}

describe('bybit-api', () => {
  it('asks for the listing, a book, candles, tickers and funding', async () => {
    const client = new RestClientV5({ baseUrl: rest() });
    const { result } = await client.getInstrumentsInfo({ category: 'linear', limit: 5 });
    expect(result.list).toHaveLength(5);
    const cursor = decodeURIComponent(result.nextPageCursor as string);
    expect(cursor).not.toBe('');
    const next = await client.getInstrumentsInfo({ category: 'linear', limit: 5, cursor });
    expect(next.result.list[0]!.symbol).not.toBe(result.list[0]!.symbol);
    expect((await client.getOrderbook({ category: 'spot', symbol: 'BTCUSDT', limit: 5 })).result.b).toHaveLength(5);
    const candles = await client.getKline({ category: 'inverse', symbol: 'BTCUSD', interval: '60', limit: 10 });
    expect(candles.result.list).toHaveLength(10);
    expect((await client.getTickers({ category: 'linear', symbol: 'BTCUSDT' })).result.list[0]).toMatchObject({
      symbol: 'BTCUSDT',
    });
    expect((await client.getFundingRateHistory({ category: 'linear', symbol: 'BTCUSDT', limit: 3 })).result.list).toHaveLength(3);
    expect(await client.getOrderbook({ category: 'spot', symbol: 'NOPE' })).toMatchObject({ retCode: 10001 });
  });

  it.each(['linear', 'spot'] as const)(`streams books of %s that are the oracle's, seed ${SEED}`, async (category) => {
    const client = new WebsocketClient({ wsUrl: stream(category), pingInterval: 500 }, silent);
    const symbol = category === 'spot' ? 'BTC/USDT' : 'BTC/USDT:USDT';
    const book = new RecipeBook();
    const failures: unknown[] = [];
    const done = new Promise<void>((resolve) => {
      client.on('update', (message) => {
        try {
          book.take(message as unknown as BookMessage);
          expectTruth(sim, 'bybit', symbol, book.number, book.levels());
        } catch (error) {
          failures.push(error);
        }
        if (failures.length > 0 || book.updates >= 15) resolve();
      });
    });
    client.on('exception', (error) => failures.push(error));
    client.subscribeV5('orderbook.1000.BTCUSDT', category);
    await done;
    client.closeAll(true);
    expect(failures).toEqual([]);
  });
});

const silent = { trace() {}, info() {}, error() {} };
