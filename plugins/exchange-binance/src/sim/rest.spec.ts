import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import dialect from './index.js';

/** 2026-11-20 07:30 UTC: half an hour before a funding settlement. */
const START = Date.UTC(2026, 10, 20, 7, 30);
const MINUTE = 60_000;

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await startSimulator({
    dialects: [dialect],
    seed: 11,
    clock: START,
    symbols: ['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC', 'BTC/USD:BTC-261225'],
  });
  sim.clock.advance(10 * MINUTE);
});
afterAll(() => sim.close());

type Json = Record<string, unknown>;

async function ask(venue: string, path: string, init?: RequestInit) {
  const answer = await fetch(sim.ready.venues[venue]!.rest['public'] + path, init);
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as unknown };
}
const spot = (path: string) => ask('binance', `/api/v3${path}`);
const linear = (path: string) => ask('binanceusdm', `/fapi/v1${path}`);
const inverse = (path: string) => ask('binancecoinm', `/dapi/v1${path}`);
const row = (body: unknown) => body as Json;
const rows = (body: unknown) => body as Json[];

describe('listings', () => {
  it('spot: filters in eight decimals, USDC, cross and unicode symbols', async () => {
    const { symbols } = row((await spot('/exchangeInfo')).body) as { symbols: Json[] };
    expect(symbols.length).toBeGreaterThanOrEqual(20);
    expect(symbols[0]).toMatchObject({ symbol: 'BTCUSDT', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT' });
    expect(symbols[0]!['filters']).toContainEqual(
      expect.objectContaining({ filterType: 'PRICE_FILTER', tickSize: '0.01000000' }),
    );
    expect(symbols.map((s) => s['symbol'])).toEqual(expect.arrayContaining(['BTCUSDC', 'ETHBTC', 'PEPEUSDT', '币安人生USDT']));
    expect(
      rows((row((await spot('/exchangeInfo?symbols=["ETHUSDT","BTCUSDT"]')).body) as { symbols: Json[] }).symbols),
    ).toHaveLength(2);
  });

  it('USD-M: status, dated futures on the last Friday of the quarter, multiplied bases', async () => {
    const { symbols } = row((await linear('/exchangeInfo')).body) as { symbols: Json[] };
    const of = (symbol: string) => symbols.find((s) => s['symbol'] === symbol);
    expect(symbols.length).toBeGreaterThanOrEqual(20);
    expect(of('BTCUSDT')).toMatchObject({
      status: 'TRADING',
      contractType: 'PERPETUAL',
      deliveryDate: 4133404800000,
      marginAsset: 'USDT',
    });
    expect(of('BTCUSDT_261225')).toMatchObject({
      contractType: 'CURRENT_QUARTER',
      deliveryDate: Date.UTC(2026, 11, 25, 8),
      pair: 'BTCUSDT',
    });
    expect(of('BTCUSDT_270326')).toMatchObject({ contractType: 'NEXT_QUARTER', deliveryDate: Date.UTC(2027, 2, 26, 8) });
    expect(of('1000PEPEUSDT')).toMatchObject({ baseAsset: '1000PEPE' });
    expect(of('BTCUSDC')).toMatchObject({ marginAsset: 'USDC' });
  });

  it('COIN-M: contractStatus and contractSize', async () => {
    const { symbols } = row((await inverse('/exchangeInfo')).body) as { symbols: Json[] };
    expect(symbols.length).toBeGreaterThanOrEqual(20);
    expect(symbols[0]).toMatchObject({
      symbol: 'BTCUSD_PERP',
      contractStatus: 'TRADING',
      contractSize: 100,
      marginAsset: 'BTC',
      pair: 'BTCUSD',
    });
    expect(symbols[0]).not.toHaveProperty('status');
    expect(symbols[1]).toMatchObject({ contractSize: 10 });
  });
});

describe('books', () => {
  it('spot has no times, futures have, COIN-M names its pair', async () => {
    expect(Object.keys(row((await spot('/depth?symbol=BTCUSDT&limit=7')).body))).toEqual(['lastUpdateId', 'bids', 'asks']);
    expect(Object.keys(row((await linear('/depth?symbol=BTCUSDT&limit=5')).body))).toEqual([
      'lastUpdateId',
      'E',
      'T',
      'bids',
      'asks',
    ]);
    const { body } = await inverse('/depth?symbol=BTCUSD_PERP&limit=5');
    expect(body).toMatchObject({ symbol: 'BTCUSD_PERP', pair: 'BTCUSD' });
    expect((body as { bids: string[][] }).bids).toHaveLength(5);
  });

  it('is the book of the oracle at lastUpdateId', async () => {
    for (const [venue, path] of [
      ['binance', '/api/v3'],
      ['binanceusdm', '/fapi/v1'],
    ] as const) {
      const { body } = await ask(venue, `${path}/depth?symbol=BTCUSDT&limit=1000`);
      const { lastUpdateId, bids, asks } = body as { lastUpdateId: number; bids: [string, string][]; asks: [string, string][] };
      const truth = sim.oracle.book(venue, 'BTCUSDT', lastUpdateId);
      const numbers = (levels: [string, string][]) => levels.map(([p, q]) => [Number(p), Number(q)]);
      expect([numbers(bids), numbers(asks)]).toEqual([truth.bids, truth.asks]);
    }
  });

  it('opens a market that nobody has asked for yet', async () => {
    expect(row((await linear('/depth?symbol=1000PEPEUSDT&limit=5')).body)['bids']).toHaveLength(5);
    const unicode = encodeURIComponent('币安人生USDT');
    expect(row((await linear(`/ticker/bookTicker?symbol=${unicode}`)).body)).toMatchObject({ symbol: '币安人生USDT' });
  });
});

describe('trades, candles, tickers', () => {
  it('trades page by id, aggregates hold them all', async () => {
    const latest = rows((await spot('/trades?symbol=BTCUSDT&limit=20')).body);
    const paged = rows((await spot(`/historicalTrades?symbol=BTCUSDT&limit=20&fromId=${latest[0]!['id']}`)).body);
    expect(paged).toEqual(latest);
    const aggregates = rows((await spot('/aggTrades?symbol=BTCUSDT&limit=1000')).body);
    expect(aggregates.at(-1)).toMatchObject({ l: latest.at(-1)!['id'], M: true });
    const since = aggregates[5]!['T'] as number;
    expect(rows((await spot(`/aggTrades?symbol=BTCUSDT&startTime=${since}&limit=1`)).body)[0]!['T']).toBe(since);
  });

  it('USD-M historicalTrades wants a key', async () => {
    expect(await linear('/historicalTrades?symbol=BTCUSDT')).toMatchObject({ status: 401, body: { code: -2014 } });
    const answer = await ask('binanceusdm', '/fapi/v1/historicalTrades?symbol=BTCUSDT', { headers: { 'X-MBX-APIKEY': 'k' } });
    expect(answer.status).toBe(200);
  });

  it.each(['spot', 'linear', 'inverse'] as const)('%s: candles, twelve columns, whole minutes', async (product) => {
    const get = { spot, linear, inverse }[product];
    const symbol = product === 'inverse' ? 'BTCUSD_PERP' : 'BTCUSDT';
    const candles = (await get(`/klines?symbol=${symbol}&interval=1m&limit=30`)).body as (string | number)[][];
    expect(candles).toHaveLength(30);
    expect(candles.every((c) => c.length === 12 && c[6] === (c[0] as number) + MINUTE - 1)).toBe(true);
    const from = (await get(`/klines?symbol=${symbol}&interval=1h&startTime=${START - 3 * 60 * MINUTE}&limit=2`))
      .body as number[][];
    expect(from.map((c) => c[0])).toEqual([START - 150 * MINUTE, START - 90 * MINUTE]);
  });

  it('the other futures candles', async () => {
    const index = (await inverse('/indexPriceKlines?pair=BTCUSD&interval=5m')).body as string[][];
    const mark = (await inverse('/markPriceKlines?symbol=BTCUSDT&interval=5m')).body as string[][];
    const quarter = (await linear('/continuousKlines?pair=BTCUSDT&contractType=CURRENT_QUARTER&interval=1m&limit=3'))
      .body as string[][];
    expect(Number(index[0]![1])).toBeGreaterThan(50_000);
    expect(mark[0]![1]).toMatch(/^\d+\.\d{8}$/);
    expect(quarter).toHaveLength(3);
    expect((await linear('/premiumIndexKlines?symbol=BTCUSDT&interval=1m')).status).toBe(200);
  });

  it('tickers: one, a list, all that are open; COIN-M always a list', async () => {
    expect((await spot('/ticker/24hr?symbol=BTCUSDT')).body).toMatchObject({
      symbol: 'BTCUSDT',
      bidPrice: expect.stringMatching(/\.\d{8}$/),
    });
    expect(rows((await spot('/ticker/24hr?symbols=["BTCUSDT","ETHUSDT"]&type=MINI')).body)).toHaveLength(2);
    expect(rows((await inverse('/ticker/24hr?symbol=BTCUSD_PERP')).body)[0]).toHaveProperty('baseVolume');
    expect(rows((await inverse('/ticker/24hr?pair=BTCUSD')).body).map((r) => r['symbol'])).toEqual([
      'BTCUSD_PERP',
      'BTCUSD_261225',
    ]);
    expect((await linear('/ticker/price?symbol=BTCUSDT')).body).toHaveProperty('time');
    expect((await ask('binanceusdm', '/fapi/v2/ticker/price?symbol=BTCUSDT')).status).toBe(200);
    expect((await spot('/ticker?symbol=BTCUSDT&windowSize=4h')).body).toHaveProperty('openTime');
    expect((await spot('/avgPrice?symbol=BTCUSDT')).body).toMatchObject({ mins: 5 });
  });
});

describe('funding and open interest', () => {
  it('premiumIndex carries the schedule; dated futures carry nothing', async () => {
    expect((await linear('/premiumIndex?symbol=BTCUSDT')).body).toMatchObject({ nextFundingTime: START + 30 * MINUTE });
    const list = rows((await inverse('/premiumIndex?pair=BTCUSD')).body);
    expect(list.find((r) => r['symbol'] === 'BTCUSD_261225')).toMatchObject({ lastFundingRate: '', nextFundingTime: 0 });
  });

  it('history ascends and ends with the last settlement', async () => {
    const history = rows((await linear('/fundingRate?symbol=BTCUSDT&limit=3')).body);
    const hours = history.map((r) => ((r['fundingTime'] as number) - START) / MINUTE / 60);
    expect(hours).toEqual([-23.5, -15.5, -7.5]);
    expect(history[0]).toMatchObject({
      symbol: 'BTCUSDT',
      rateType: 'Regular',
      fundingRate: expect.stringMatching(/^-?0\.\d{8}$/),
    });
    expect((await inverse('/fundingRate?symbol=BTCUSD_261225')).body).toEqual([]);
  });

  it('fundingInfo lists only other intervals', async () => {
    const info = rows((await linear('/fundingInfo')).body);
    expect(info.map((r) => [r['symbol'], r['fundingIntervalHours']])).toEqual(
      expect.arrayContaining([
        ['1000PEPEUSDT', 4],
        ['币安人生USDT', 1],
      ]),
    );
    expect(info.some((r) => r['symbol'] === 'BTCUSDT')).toBe(false);
  });

  it('open interest now and then', async () => {
    expect((await linear('/openInterest?symbol=BTCUSDT')).body).toMatchObject({
      openInterest: expect.stringMatching(/^\d+\.\d{3}$/),
    });
    expect((await inverse('/openInterest?symbol=BTCUSD_PERP')).body).toMatchObject({ contractType: 'PERPETUAL', pair: 'BTCUSD' });
    const usdm = await ask('binanceusdm', '/futures/data/openInterestHist?symbol=BTCUSDT&period=15m&limit=4');
    expect(rows(usdm.body).map((r) => (r['timestamp'] as number) % (15 * MINUTE))).toEqual([0, 0, 0, 0]);
    const coinm = await ask('binancecoinm', '/futures/data/openInterestHist?pair=BTCUSD&contractType=PERPETUAL&period=5m');
    expect(rows(coinm.body)).toHaveLength(30);
  });
});

describe('errors', () => {
  it.each([
    ['spot', '/depth', 400, -1102],
    ['spot', '/depth?symbol=', 400, -1102],
    ['spot', '/depth?symbol=NOPE', 400, -1121],
    ['spot', '/depth?symbol=btcusdt', 400, -1100],
    ['spot', '/depth?symbol=BTCUSDT&limit=x', 400, -1100],
    ['spot', '/depth?symbol=BTCUSDT&limit=0', 400, -1130],
    ['linear', '/depth?symbol=BTCUSDT&limit=7', 400, -4021],
    ['linear', '/klines?symbol=BTCUSDT&interval=7m', 400, -1120],
    ['linear', '/klines?symbol=BTCUSDT&interval=1s', 400, -1120],
    ['linear', '/klines?symbol=BTCUSDT', 400, -1102],
    ['spot', '/exchangeInfo?symbol=BTCUSDT&symbols=["ETHUSDT"]', 400, -1128],
    ['spot', '/ticker/24hr?symbols=BTCUSDT', 400, -1100],
    ['spot', '/ticker?symbol=BTCUSDT&windowSize=99d', 400, -1130],
    ['inverse', '/premiumIndex?symbol=BTCUSD_PERP&pair=BTCUSD', 400, -1128],
  ] as const)('%s %s', async (product, path, status, code) => {
    expect(await { spot, linear, inverse }[product](path)).toMatchObject({ status, body: { code } });
  });
});

describe('limits', () => {
  const minute = () => sim.clock.advance(MINUTE);

  it('weights are the documented ones, and futures share one budget', async () => {
    minute();
    const used = async (answer: Promise<{ headers: Headers }>) => Number((await answer).headers.get('x-mbx-used-weight-1m'));
    expect(await used(spot('/depth?symbol=BTCUSDT&limit=5000'))).toBe(250);
    expect(await used(spot('/exchangeInfo'))).toBe(270);
    expect(await used(linear('/depth?symbol=BTCUSDT&limit=1000'))).toBe(20);
    expect(await used(inverse('/depth?symbol=BTCUSD_PERP&limit=50'))).toBe(22);
    expect(await used(linear('/klines?symbol=BTCUSDT&interval=1m&limit=99'))).toBe(23);
    expect(await used(linear('/fundingInfo'))).toBe(23);
    minute();
    expect(await used(linear('/ping'))).toBe(1);
  });

  it('answers 429 over the budget, then 418, and forgives in time', async () => {
    minute();
    for (let i = 0; i < 24; i++) expect((await spot('/depth?symbol=BTCUSDT&limit=5000')).status).toBe(200);
    const refused = await spot('/depth?symbol=BTCUSDT&limit=5000');
    expect(refused).toMatchObject({ status: 429, body: { code: -1003 } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    for (let i = 0; i < 9; i++) expect((await spot('/ping')).status).toBe(429);
    const banned = await spot('/ping');
    expect([banned.status, banned.headers.get('retry-after')]).toEqual([418, '120']);
    sim.clock.advance(119_000);
    expect((await spot('/ping')).status).toBe(418);
    sim.clock.advance(1000);
    expect((await spot('/ping')).status).toBe(200);
    expect((await linear('/ping')).status).toBe(200);
  });

  it('counts funding requests by themselves', async () => {
    await using small = await startSimulator({ dialects: [dialect], clock: START, symbols: 1, limits: { weightFactor: 0.01 } });
    const get = async (path: string) => (await fetch(small.ready.venues['binanceusdm']!.rest['public'] + path)).status;
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push(await get('/fapi/v1/fundingInfo'));
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    expect(await get('/fapi/v1/ping')).toBe(200);
  });
});
