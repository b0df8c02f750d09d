import type { RunningSimulator } from '@speed-protocol/simulator';
import ccxt, { type Exchange, type OrderBook } from 'ccxt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pointAll } from '../src/index.js';
import { expectNoEscape, expectTruth, SEED, simulate } from './simulation.js';

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await simulate();
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

const VENUES = [
  { venue: 'binance', symbol: 'BTC/USDT', other: 'ETH/USDT', listed: 20 },
  { venue: 'binanceusdm', symbol: 'BTC/USDT:USDT', other: 'ETH/USDT:USDT', listed: 20 },
  { venue: 'binancecoinm', symbol: 'BTC/USD:BTC', other: 'ETH/USD:ETH', listed: 20 },
] as const;

/** ccxt as it comes, but for its URLs. */
async function point<E extends Exchange>(exchange: E): Promise<E> {
  exchange.urls = pointAll(sim.ready, exchange.urls as object) as never;
  // ccxt builds its agents for plain ws:// only when it has looked for a proxy.
  await exchange.loadHttpProxyAgent();
  return exchange;
}

describe.each(VENUES)('ccxt $venue', ({ venue, symbol, other, listed }) => {
  let rest: Exchange;
  let pro: Exchange;
  beforeAll(async () => {
    rest = await point(new ccxt[venue]() as Exchange);
    pro = await point(new ccxt.pro[venue]() as Exchange);
  });
  afterAll(() => pro.close());

  it('loads the markets', async () => {
    const markets = await rest.loadMarkets();
    const listings = sim.oracle.market(venue, symbol);
    expect(Object.keys(markets).length).toBeGreaterThanOrEqual(listed);
    const market = rest.market(symbol);
    expect(market.id).toBe(listings.listing.venueSymbol);
    expect(Number(market.precision.price)).toBe(Number(listings.listing.tickSize));
    expect(Number(market.precision.amount)).toBe(Number(listings.listing.lotSize));
    if (market.contract) expect(String(market.contractSize)).toBe(listings.listing.contractSize);
  });

  it('fetches a book, trades, candles, tickers', async () => {
    const book = await rest.fetchOrderBook(symbol, 1000);
    expectTruth(sim, venue, symbol, book.nonce as number, book as never);
    const trades = await rest.fetchTrades(symbol, undefined, 50);
    expect(trades).toHaveLength(50);
    expect(trades[0]).toMatchObject({ symbol, side: expect.stringMatching(/buy|sell/) });
    const candles = await rest.fetchOHLCV(symbol, '5m', undefined, 100);
    expect(candles).toHaveLength(100);
    const ticker = await rest.fetchTicker(symbol);
    expect(ticker.last).toBeGreaterThan(0);
    expect(Object.keys(await rest.fetchBidsAsks([symbol, other]))).toEqual(expect.arrayContaining([symbol, other]));
  });

  it('says an unknown symbol is one', async () => {
    await expect(rest.fetchOrderBook('NOPE/USDT')).rejects.toThrow(ccxt.BadSymbol);
  });

  it(`watches two books that are the oracle's, seed ${SEED}`, async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 60; i++) {
      const book = (await pro.watchOrderBookForSymbols([symbol, other])) as OrderBook;
      const { nonce } = book;
      expectTruth(sim, venue, book.symbol as string, nonce as number, book as never);
      seen.add(book.symbol as string);
    }
    expect([...seen].sort()).toEqual([symbol, other].sort());
  });

  it('watches trades that are on the tape', async () => {
    const trades = await pro.watchTrades(symbol);
    const { tape, grid } = sim.oracle.market(venue, symbol);
    for (const { id, price, amount, side } of trades) {
      const truth =
        tape.trades.find((trade) => String(trade.id) === id) ?? tape.aggregates.find((trade) => String(trade.id) === id);
      expect([price, amount, side]).toEqual([grid.price(truth!.price), grid.size(truth!.size), truth!.side]);
    }
  });

  it('watches quotes, tickers and candles', async () => {
    const quotes = await pro.watchBidsAsks([symbol]);
    expect(quotes[symbol]!.bid).toBeLessThan(quotes[symbol]!.ask as number);
    expect((await pro.watchTicker(symbol)).symbol).toBe(symbol);
    expect((await pro.watchOHLCV(symbol, '1m')).length).toBeGreaterThan(0);
  });
});

describe.each(VENUES.slice(1))('ccxt $venue, derivatives', ({ venue, symbol }) => {
  let rest: Exchange;
  let pro: Exchange;
  beforeAll(async () => {
    rest = await point(new ccxt[venue]() as Exchange);
    pro = await point(new ccxt.pro[venue]() as Exchange);
  });
  afterAll(() => pro.close());

  it('fetches funding and open interest', async () => {
    const market = sim.oracle.market(venue, symbol);
    const rate = await rest.fetchFundingRate(symbol);
    expect(rate).toMatchObject({ symbol, fundingTimestamp: market.funding!.nextTime(sim.clock.now()) });
    expect(rate.markPrice).toBeGreaterThan(0);
    const history = await rest.fetchFundingRateHistory(symbol, undefined, 5);
    expect(history.map(({ timestamp }) => timestamp)).toEqual(market.funding!.settlements.slice(-5).map(({ time }) => time));
    const interest = await rest.fetchOpenInterest(symbol);
    expect(interest.symbol).toBe(symbol);
  });

  it('watches the mark price', async () => {
    expect((await pro.watchMarkPrice(symbol)).markPrice).toBeGreaterThan(0);
  });

  it('watches the book of a dated future', async () => {
    await pro.loadMarkets();
    const dated = pro.symbols.find((each) => each.startsWith(`${symbol}-`))!;
    for (let i = 0; i < 5; i++) {
      const book = await pro.watchOrderBook(dated);
      expectTruth(sim, venue, dated, book.nonce as number, book as never);
    }
  });
});

it('ccxt reads the real funding intervals', async () => {
  const exchange = await point(new ccxt.binanceusdm());
  const intervals = await exchange.fetchFundingIntervals();
  expect(intervals['1000PEPE/USDT:USDT']).toMatchObject({ interval: '4h' });
});
