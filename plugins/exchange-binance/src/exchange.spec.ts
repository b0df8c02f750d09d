import { levelsToPairs, SpeedError, silentLogger, systemClock, type TickerEvent } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RestServer, startRestServer } from '../test/support/rest-server.js';
import { READERS } from './bodies.js';
import { parseConfig, type VenueId } from './config.js';
import { BinanceExchange } from './exchange.js';
import binance from './manifest.js';

let server: RestServer;
const open: AsyncDisposable[] = [];

beforeEach(async () => {
  server = await startRestServer();
});
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

function connect<V extends VenueId>(venue: V) {
  const connector = binance.create(venue, { config: { environment: 'sim', origin: server.origin }, clock: { ...systemClock } });
  open.push(connector);
  return connector;
}

describe('instruments', () => {
  it('reads the listing of every product', async () => {
    expect((await connect('binance').reference.instruments()).map((each) => [each.symbol, each.status])).toEqual([
      ['BTC/USDT', 'open'],
      ['ETH/BTC', 'open'],
      ['币安人生/USDT', 'open'],
      ['LUNA/USDT', 'halted'],
      ['HALT/USDT', 'halted'],
    ]);
    expect((await connect('binanceusdm').reference.instruments()).map((each) => [each.symbol, each.kind, each.status])).toEqual([
      ['BTC/USDT:USDT', 'perpetual', 'open'],
      ['ETH/USDC:USDC', 'perpetual', 'open'],
      ['1000PEPE/USDT:USDT', 'perpetual', 'open'],
      ['BTC/USDT:USDT-261225', 'future', 'open'],
      ['BTC/USDT:USDT-270326', 'future', 'open'],
      ['TSLA/USDT:USDT', 'perpetual', 'open'],
      ['币安人生/USDT:USDT', 'perpetual', 'open'],
      ['OLD/USDT:USDT', 'perpetual', 'halted'],
      ['GONE/USDT:USDT', 'perpetual', 'closed'],
      ['SOON/USDT:USDT', 'perpetual', 'closed'],
    ]);
    expect(
      (await connect('binancecoinm').reference.instruments()).map((each) => [
        each.symbol,
        each.kind,
        each.status,
        each.contractSize,
      ]),
    ).toEqual([
      ['BTC/USD:BTC', 'perpetual', 'open', '100'],
      ['ETH/USD:ETH', 'perpetual', 'open', '10'],
      ['BTC/USD:BTC-261225', 'future', 'open', '100'],
      ['ETH/USD:ETH-270326', 'future', 'halted', '10'],
      ['ADA/USD:ADA', 'perpetual', 'halted', '10'],
    ]);
  });

  it('asks once, however many wait, and again on request', async () => {
    const { reference } = connect('binance');
    await Promise.all([reference.instruments(), reference.instrument('BTC/USDT'), reference.instrument('ETH/BTC')]);
    await reference.instruments();
    expect(server.seen.filter(({ path }) => path.endsWith('exchangeInfo'))).toHaveLength(1);
    await reference.instruments({ refresh: true });
    expect(server.seen.filter(({ path }) => path.endsWith('exchangeInfo'))).toHaveLength(2);
  });

  it.each([
    ['BTC/UDST', 'BTC/USDT:USDT'],
    ['BTC/USDT', 'BTC/USDT:USDT'],
    ['BTCUSDT_261225', 'BTC/USDT:USDT-261225'],
    ['btcusdt', 'BTC/USDT:USDT'],
  ])('does not know %s and asks: did you mean %s?', async (asked, meant) => {
    const refused = connect('binanceusdm').reference.instrument(asked);
    await expect(refused).rejects.toSatisfy((error) => SpeedError.is(error, 'not-found'));
    if (asked !== 'BTC/UDST') await expect(refused).rejects.toThrow(`did you mean "${meant}"?`);
  });
});

/** The REST facade itself, which polls and backfills use. */
function exchangeOf(venue: VenueId): BinanceExchange {
  const config = parseConfig({ environment: 'sim', origin: server.origin });
  const exchange = new BinanceExchange(venue, {
    config,
    clock: { ...systemClock },
    logger: silentLogger,
    signal: new AbortController().signal,
  });
  open.push(exchange.client);
  return exchange;
}

/** Rolling 24 h statistics, as polls and captures read them. */
const tickerOf = (venue: VenueId, symbol: string) =>
  exchangeOf(venue).event<TickerEvent>('ticker24h', symbol, {}, {}, READERS.ticker);

describe('market data by REST', () => {
  it('depth: levels, sequence and time as sent; spot sends no time', async () => {
    const spot = await connect('binance').market.depthSnapshot('BTC/USDT');
    expect(spot).toMatchObject({
      type: 'depth',
      kind: 'snapshot',
      venue: 'binance',
      symbol: 'BTC/USDT',
      venueSymbol: 'BTCUSDT',
      venueTime: null,
      sequence: 1027024,
      prevSequence: null,
    });
    expect(levelsToPairs(spot.bids)).toEqual([
      [90000, 0.5],
      [89999.99, 1.25],
    ]);
    expect(Math.abs(spot.receivedAt - Date.now())).toBeLessThan(10_000);
    expect(await connect('binanceusdm').market.depthSnapshot('BTC/USDT:USDT')).toMatchObject({
      venueTime: 1795132800010,
      sequence: 9007199254740,
    });
    expect(await connect('binancecoinm').market.depthSnapshot('BTC/USD:BTC')).toMatchObject({
      venueTime: 1795132800010,
      venueSymbol: 'BTCUSD_PERP',
    });
  });

  it.each<[VenueId, string, number | undefined, string]>([
    ['binance', 'BTC/USDT', undefined, '1000'],
    ['binance', 'BTC/USDT', 5, '100'],
    ['binance', 'BTC/USDT', 9999, '5000'],
    ['binanceusdm', 'BTC/USDT:USDT', 7, '10'],
    ['binanceusdm', 'BTC/USDT:USDT', 5000, '1000'],
  ])('depth of %s %s with %s levels asks for %s', async (venue, symbol, limit, asked) => {
    await exchangeOf(venue).depthSnapshot(symbol, limit === undefined ? {} : { limit });
    expect(server.seen.at(-1)?.params.get('limit')).toBe(asked);
  });

  it('asks for unicode symbols percent-encoded', async () => {
    await exchangeOf('binanceusdm').depthSnapshot('币安人生/USDT:USDT');
    expect(server.seen.at(-1)?.params.get('symbol')).toBe('币安人生USDT');
  });

  it('trades: single ones and aggregates, with the taker side', async () => {
    const exchange = exchangeOf('binance');
    expect(await exchange.trades('BTC/USDT')).toMatchObject([
      { type: 'trade', id: '28457', price: 90000.01, size: 0.012, side: 'sell', venueTime: 1795132799590 },
      { id: '28458', side: 'buy' },
    ]);
    expect(await exchange.aggTrades('BTC/USDT', { fromId: '26129' })).toMatchObject([
      { id: '26129', size: 0.512, side: 'sell', venueTime: 1795132799709 },
    ]);
    expect(server.seen.at(-1)?.params.get('fromId')).toBe('26129');
  });

  it('candles: closed once the venue clock is past their end', () => {
    const now = Date.now();
    const candle = (start: number) => [start, '1', '4', '0.5', '2', '10', start + 59_999, '0', 1, '0', '0', '0'];
    const url = 'https://api.binance.com/api/v3/klines?symbol=BTCUSDT&interval=1m';
    const raw = JSON.stringify([candle(now - 90_000), candle(now - 30_000)]);
    const read = binance.createNormalizer('binance').normalize({ transport: 'rest', url, dir: 'in', ts: now, raw });
    expect(read.outcome === 'events' && read.events).toMatchObject([
      { type: 'candle', interval: '1m', openTime: now - 90_000, open: 1, high: 4, low: 0.5, close: 2, volume: 10, closed: true },
      { closed: false },
    ]);
  });

  it('candles: an interval that the venue lacks is refused with those it has', async () => {
    const asked = connect('binanceusdm').market.subscribe('candle', 'BTC/USDT:USDT', () => {}, { interval: '1s' });
    await expect(asked).rejects.toThrow('binanceusdm has no candle interval "1s"');
    await expect(asked).rejects.toThrow(/did you mean "1m"|it has 1m, 3m/);
  });

  it('ticker and quote: one row picked where the venue answers with a list', async () => {
    expect(await tickerOf('binanceusdm', 'BTC/USDT:USDT')).toMatchObject({
      last: 90000.1,
      volume: 8913.3,
      quoteVolume: 802286963.3,
    });
    expect(await tickerOf('binancecoinm', 'BTC/USD:BTC')).toMatchObject({
      last: 90000.1,
      volume: 494109,
      quoteVolume: null,
    });
    expect(await exchangeOf('binancecoinm').quote('BTC/USD:BTC')).toMatchObject({
      sequence: 1027024,
      bid: 90000,
      bidSize: 16,
      venueTime: 1795132800011,
    });
    expect(await exchangeOf('binance').quote('BTC/USDT')).toMatchObject({ sequence: null, ask: 90000.01, venueTime: null });
  });

  it('open interest: base units on USD-M, contracts on COIN-M', async () => {
    expect(await exchangeOf('binanceusdm').openInterest('BTC/USDT:USDT')).toMatchObject({
      type: 'openInterest',
      amount: 10659.509,
      venueTime: 1795132800600,
    });
    expect(await exchangeOf('binancecoinm').openInterest('BTC/USD:BTC')).toMatchObject({ amount: 15004 });
  });

  it('takes over the limits that the venue publishes', async () => {
    server.override = ({ path }) =>
      path === '/api/v3/exchangeInfo'
        ? { symbols: [], rateLimits: [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 1234 }, {}] }
        : undefined;
    const exchange = exchangeOf('binance');
    await exchange.reference.instruments();
    expect(exchange.client.gate.usage().find(({ id }) => id === 'weight')?.limit).toBe(1234);
  });

  it.each([
    ['/fapi/v1/depth', { lastUpdateId: 1, bids: [['x', '1']], asks: [] }, 'depth: bids: expected a finite number'],
    ['/fapi/v1/depth', { lastUpdateId: 1 }, 'not of the documented shape'],
    ['/fapi/v1/depth', { bids: [], asks: [] }, 'lastUpdateId'],
    ['/fapi/v1/depth', [], 'binanceusdm depth: the answer tells nothing of BTC/USDT:USDT'],
    ['/fapi/v1/exchangeInfo', { symbols: null }, 'not of the documented shape'],
  ])("%s with %j is the venue's fault, and says which part", async (path, body, part) => {
    server.override = (request) => (request.path === path ? body : undefined);
    const failed = connect('binanceusdm').market.depthSnapshot('BTC/USDT:USDT');
    await expect(failed).rejects.toSatisfy((error) => SpeedError.is(error, 'protocol'));
    await expect(failed).rejects.toThrow(part);
  });
});

describe('time', () => {
  it("is the venue's, and narrows the clock offset to the round trip", async () => {
    const exchange = exchangeOf('binance');
    expect(await exchange.reference.serverTime()).toBe(1795132800123);
    const { lowerMs, upperMs } = exchange.client.clockOffset;
    expect(upperMs - lowerMs).toBeLessThan(1_000);
    expect(Math.abs(exchange.client.clockOffset.venueTime(Date.now()) - 1795132800123)).toBeLessThan(10_000);
  });
});

describe('funding', () => {
  it('gives rate, interval and APR; 8 h where the venue lists no other', async () => {
    const { funding } = connect('binanceusdm');
    const now = await funding.current('BTC/USDT:USDT');
    expect(now).toMatchObject({
      rate: 0.0001,
      predictedRate: null,
      intervalHours: 8,
      nextFundingTime: 1795161600000,
      markPrice: 90001.12,
      indexPrice: 89990.01,
    });
    expect(now.apr).toBeCloseTo(0.1095, 12);
  });

  it('takes the interval that the venue lists, also on the instrument', async () => {
    server.override = ({ path }) =>
      path === '/fapi/v1/fundingInfo' ? [{ symbol: 'BTCUSDT', fundingIntervalHours: 4 }] : undefined;
    const { funding, reference } = connect('binanceusdm');
    const now = await funding.current('BTC/USDT:USDT');
    expect(now.intervalHours).toBe(4);
    expect(now.apr).toBeCloseTo(0.219, 12);
    expect((await reference.instrument('BTC/USDT:USDT')).fundingIntervalHours).toBe(4);
    expect((await reference.instrument('ETH/USDC:USDC')).fundingIntervalHours).toBe(8);
    expect(await reference.instrument('BTC/USDT:USDT-261225')).not.toHaveProperty('fundingIntervalHours');
  });

  it('does without intervals when the venue will not tell them: no APR then', async () => {
    server.override = ({ path }) => (path === '/fapi/v1/fundingInfo' ? { code: -1100, msg: 'no' } : undefined);
    const { funding, reference } = connect('binanceusdm');
    expect(await reference.instrument('BTC/USDT:USDT')).not.toHaveProperty('fundingIntervalHours');
    expect(await funding.current('BTC/USDT:USDT')).toMatchObject({ rate: 0.0001, intervalHours: null, apr: null });
  });

  it('gives null where a dated future has no funding', async () => {
    const { funding } = connect('binancecoinm');
    expect(await funding.current('BTC/USD:BTC-261225')).toMatchObject({
      rate: null,
      intervalHours: null,
      nextFundingTime: null,
      apr: null,
      markPrice: 90301.12,
    });
  });

  it('pages through settled rates, oldest first', async () => {
    const hour = 3_600_000;
    const all = Array.from({ length: 2_500 }, (_, i) => ({
      symbol: 'BTCUSDT',
      fundingTime: i * 8 * hour,
      fundingRate: i % 2 ? '0.0001' : '-0.0002',
      markPrice: i ? '90000.5' : '',
    }));
    server.override = ({ path, params }) => {
      if (!path.endsWith('fundingRate')) return undefined;
      const start = Number(params.get('startTime') ?? 0);
      return all.filter(({ fundingTime }) => fundingTime >= start).slice(0, Number(params.get('limit') ?? 100));
    };
    const { funding } = connect('binanceusdm');
    const history = await funding.history('BTC/USDT:USDT', { since: 0, limit: 2_200 });
    expect(history.map(({ time }) => time)).toEqual(Array.from({ length: 2_200 }, (_, i) => i * 8 * hour));
    expect(history[0]).toEqual({ venue: 'binanceusdm', symbol: 'BTC/USDT:USDT', rate: -0.0002, time: 0, markPrice: null });
    expect(server.seen.filter(({ path }) => path.endsWith('fundingRate'))).toHaveLength(3);
  });

  it('is not there on spot', () => {
    expect('funding' in connect('binance')).toBe(false);
  });
});
