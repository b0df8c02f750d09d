import deribit from '@speed-protocol/exchange-deribit/sim';
import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import ccxt, { type Exchange } from 'ccxt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientBook, expectNoEscape, expectTruth, SEED } from './simulation.js';

const SYMBOLS = ['BTC/USD:BTC', 'ETH/USD:ETH', 'BTC/USDC:USDC', 'BTC/USDC'];
const DERIVATIVES = ['BTC/USD:BTC', 'BTC/USDC:USDC'];

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await startSimulator({
    dialects: [deribit],
    seed: SEED,
    symbols: SYMBOLS,
    flow: { eventsPerSecond: 60, liquidationSeconds: 1 },
  });
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

/** ccxt as it comes, but for its URLs. */
async function point<E extends Exchange>(exchange: E): Promise<E> {
  const { rest, ws } = sim.ready.venues['deribit']!;
  (exchange.urls as { api: object }).api = { rest: rest['public'], ws: ws.public };
  // ccxt builds its agents for plain ws:// only when it has looked for a proxy.
  await exchange.loadHttpProxyAgent();
  return exchange;
}

interface Body {
  readonly result: { readonly change_id: number };
}

interface BookMessage {
  readonly params: { readonly data: { readonly instrument_name: string; readonly change_id: number } };
}

type Pro = Exchange & { handleOrderBook(client: unknown, message: BookMessage): void };

describe('ccxt deribit', () => {
  let asked: Exchange;
  let pro: Pro;
  beforeAll(async () => {
    asked = await point(new ccxt.deribit({ enableLastJsonResponse: true }) as Exchange);
    pro = (await point(new ccxt.pro.deribit() as Exchange)) as Pro;
  });
  afterAll(() => pro.close());

  it('loads the markets', async () => {
    await asked.loadMarkets();
    for (const { listing } of SYMBOLS.map((symbol) => sim.oracle.market('deribit', symbol))) {
      const market = asked.market(listing.symbol);
      expect(market.id).toBe(listing.venueSymbol);
      expect(Number(market.precision.price)).toBe(Number(listing.tickSize));
      expect(Number(market.precision.amount)).toBe(Number(listing.lotSize));
      expect([market.spot, market.inverse ?? false]).toEqual([listing.kind === 'spot', listing.inverse ?? false]);
    }
  });

  it.each(SYMBOLS)('fetches a book, trades, candles and the ticker of %s', async (symbol) => {
    const book = await asked.fetchOrderBook(symbol, 1_000);
    expectTruth(sim, 'deribit', symbol, (asked.last_json_response as Body).result.change_id, book as never);
    const trades = await asked.fetchTrades(symbol, undefined, 50);
    expect(trades).toHaveLength(50);
    const { tape, grid } = sim.oracle.market('deribit', symbol);
    for (const { id, price, amount, side } of trades) {
      const truth = tape.trades.find((trade) => id!.endsWith(String(trade.id)))!;
      expect([price, amount, side]).toEqual([grid.price(truth.price), grid.size(truth.size), truth.side]);
    }
    expect((await asked.fetchOHLCV(symbol, '5m', undefined, 100)).length).toBeGreaterThanOrEqual(99);
    expect((await asked.fetchTicker(symbol)).last).toBeGreaterThan(0);
  });

  it('says an unknown symbol is one', async () => {
    await expect(asked.fetchOrderBook('NOPE/USD:NOPE')).rejects.toThrow(ccxt.BadSymbol);
  });

  it.each(DERIVATIVES)('fetches funding and its history of %s', async (symbol) => {
    expect(await asked.fetchFundingRate(symbol)).toMatchObject({ symbol });
    const history = await asked.fetchFundingRateHistory(symbol, undefined, 5);
    // ccxt asks for a month, and keeps the first rows of it.
    const truth = sim.oracle.market('deribit', symbol).funding!.settlements.slice(0, 5);
    expect(history.map(({ timestamp }) => timestamp)).toEqual(truth.map(({ time }) => time));
    // ccxt's own rate is that of eight hours.
    const hours = history.map(({ info }) => (info as { interest_1h: number }).interest_1h);
    for (const [i, rate] of hours.entries()) expect(rate).toBeCloseTo(truth[i]!.rate, 8);
  });

  it(`keeps books that are the oracle's, seed ${SEED}`, async () => {
    const failures: unknown[] = [];
    const take = pro.handleOrderBook.bind(pro);
    // ccxt forgets which change its book stands at: looked up in the message, after it has been taken.
    pro.handleOrderBook = (client, message) => {
      take(client, message);
      const { instrument_name, change_id } = message.params.data;
      const symbol = pro.safeSymbol(instrument_name);
      try {
        expectTruth(sim, 'deribit', symbol, change_id, pro.orderbooks[symbol] as unknown as ClientBook);
      } catch (error) {
        failures.push(error);
      }
    };
    const seen = new Set<string>();
    for (let i = 0; i < 60; i++) seen.add((await pro.watchOrderBookForSymbols(SYMBOLS)).symbol as string);
    // The books go on: looked at any longer, they would keep the connection too busy for what follows.
    pro.handleOrderBook = take;
    expect([...seen].sort()).toEqual([...SYMBOLS].sort());
    expect(failures).toEqual([]);
  });

  it('watches trades, quotes, tickers and candles', async () => {
    const [symbol] = DERIVATIVES as [string];
    expect((await pro.watchTrades(symbol)).length).toBeGreaterThan(0);
    const { [symbol]: quote } = await pro.watchBidsAsks([symbol]);
    expect(quote!.bid).toBeLessThan(quote!.ask as number);
    expect((await pro.watchTicker(symbol)).symbol).toBe(symbol);
    expect((await pro.watchOHLCV(symbol, '1m')).length).toBeGreaterThan(0);
  });
});
