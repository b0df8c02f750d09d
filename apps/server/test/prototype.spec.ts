import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Exchange, startExchange } from './exchange.js';
import { lowPrice } from './trader.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const SEED = Number(process.env['SPEED_SEED'] ?? 20_261_121);

/** What `data` holds, in any of the answers. */
interface Data {
  readonly id: string;
  readonly amount: number;
  readonly price: number;
  readonly average: number;
  readonly filled: number;
  readonly entry_price: number;
  readonly current_price: number;
  readonly NetPnL: number;
  readonly price_impact: object;
  readonly funding_rate: { readonly status: string };
  readonly total: Readonly<Record<string, number>>;
  readonly state: string;
  readonly sequence: number;
  readonly [other: string]: unknown;
}

interface Answer {
  readonly action?: string;
  readonly status?: string;
  readonly message?: string;
  readonly data: Data;
  readonly [other: string]: unknown;
}

/** A client of the prototype: it sends what its documents say, and reads what comes. */
class OldClient {
  readonly messages: Answer[] = [];
  #wake = () => {};

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.messages.push(JSON.parse(String(data)) as Answer);
      this.#wake();
    });
  }

  static async open(url: string): Promise<OldClient> {
    const client = new OldClient(new WebSocket(url));
    await once(client.socket, 'open');
    return client;
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The next message that fits, from `at` on; without one, the very next. */
  async next(accept: (message: Answer) => boolean = () => true): Promise<Answer> {
    for (;;) {
      const at = this.messages.findIndex(accept);
      if (at >= 0) return this.messages.splice(at, 1)[0]!;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange({ seed: SEED });
});
afterAll(() => exchange[Symbol.asyncDispose]());

let client: OldClient;
afterEach(() => client?.socket.terminate());

/** As the prototype's documents begin. */
async function connected(): Promise<OldClient> {
  client = await OldClient.open(exchange.server.webSocketUrl);
  client.send({ user_id: 'trader_alpha', account_name: 'yash' });
  expect(await client.next()).toEqual({ status: 'connected', user_id: 'trader_alpha', account_name: 'yash' });
  return client;
}

const keysOf = (venue: string) => {
  const { apiKey, secret } = exchange.simulator.ready.venues[venue]!.credentials!;
  return { api_key: apiKey, api_secret: secret };
};
const message = (action: string, venue: string, params: object) => ({
  ...{ account_name: 'yash', user_id: 'trader_alpha', action, exchange: venue, is_testnet: true },
  ...keysOf(venue),
  params,
});
const of = (action: string) => (each: Answer) => each.action === action;

const MARKETS = [
  ['binance', 'BTC/USDT', 0.01, 1],
  ['binanceusdm', 'BTC/USDT:USDT', 0.01, 1],
  ['binancecoinm', 'BTC/USD:BTC', 5, 100],
] as const;

describe.each(MARKETS)('%s', (venue, symbol, amount, contractSize) => {
  it('place_market_order: processing, placed, filled, then its profit until stop_pnl', async () => {
    const old = await connected();
    old.send(message('place_market_order', venue, { symbol, side: 'buy', amount, price: 113_757 }));
    expect(await old.next()).toEqual({ status: 'processing', action: 'place_market_order' });
    const placed = await old.next();
    expect(placed).toMatchObject({ action: 'place_market_order', status: 'placed', data: { symbol, side: 'buy', amount } });
    const filled = await old.next(of('place_market_order'));
    expect(filled).toMatchObject({
      status: 'filled',
      data: { symbol, side: 'buy', type: 'market', status: 'closed', amount, filled: amount, remaining: 0, id: placed.data.id },
    });
    const pnl = await old.next(of('pnl_update'));
    expect(pnl.status).toBe('monitoring');
    // The venue rounds its average, the profit knows every fill.
    expect(pnl.data).toMatchObject({
      ...{ connector_name: 'yash', pair_name: symbol, quantity: amount, position_side: 'long' },
      ...{
        entry_timestamp: expect.any(Number),
        entry_price: expect.closeTo(filled.data.average, 2),
        current_price: expect.any(Number),
      },
    });
    const { entry_price: entry, current_price: now, NetPnL: net } = pnl.data;
    const gross = contractSize === 1 ? (now - entry) * amount : (1 / entry - 1 / now) * amount * contractSize;
    // Fees are in it: less than the price alone says, by no more than a tenth of a per cent of the value.
    const value = contractSize === 1 ? entry * amount : (amount * contractSize) / entry;
    if (venue !== 'binance') expect(net).toBeLessThan(gross);
    expect(gross - net).toBeLessThan(value * 0.002);
    old.send({ action: 'stop_pnl' });
    expect(await old.next((each) => each.action === 'pnl_update' && each.status === 'stopped')).toEqual({
      action: 'pnl_update',
      status: 'stopped',
    });
    expect(await old.next(of('stop_pnl'))).toEqual({ status: 'stopped', action: 'stop_pnl' });
  });

  it('place_limit_order off the grid is truncated to it; get_order, amend_order, cancel_order', async () => {
    const old = await connected();
    const price = Number(await lowPrice(exchange, venue, symbol)) + 0.123_456_78;
    old.send(message('place_limit_order', venue, { symbol, side: 'buy', amount: amount + 0.000_000_9, price }));
    expect(await old.next()).toEqual({ status: 'processing', action: 'place_limit_order' });
    const { status, data } = await old.next();
    const tick = venue === 'binance' ? 100 : 10;
    expect([status, data.amount, data.price]).toEqual(['placed', amount, Math.floor(price * tick) / tick]);

    old.send(message('get_order', venue, { order_id: data.id, symbol }));
    expect(await old.next()).toEqual({ status: 'processing', action: 'get_order' });
    expect(await old.next()).toMatchObject({ action: 'get_order', status: 'open', data: { id: data.id, filled: 0 } });

    if (venue !== 'binance') {
      old.send(message('amend_order', venue, { order_id: data.id, symbol, price: data.price - 10 }));
      expect(await old.next()).toEqual({ status: 'processing', action: 'amend_order' });
      expect(await old.next()).toMatchObject({ action: 'amend_order', status: 'amended', data: { price: data.price - 10 } });
    }
    old.send(message('cancel_order', venue, { order_id: data.id, symbol }));
    expect(await old.next()).toEqual({ status: 'processing', action: 'cancel_order' });
    expect(await old.next(of('cancel_order'))).toMatchObject({ status: 'canceled', data: { id: data.id, status: 'canceled' } });
    expect(await old.next(of('place_limit_order'))).toMatchObject({ status: 'canceled', data: { id: data.id } });
  });

  it('analyze_and_place_order: the analysis first; nothing after it on a dry run', async () => {
    const old = await connected();
    const params = { symbol, side: 'buy', trade_volume_quote: 1500 };
    old.send(message('analyze_and_place_order', venue, { ...params, dry_run: true }));
    expect(await old.next()).toEqual({ status: 'processing', action: 'analyze_and_place_order' });
    const analysis = await old.next();
    expect(analysis).toMatchObject({ action: 'pre_trade_analysis', status: 'completed' });
    expect(analysis.data.price_impact).toEqual({
      ...{ status: 'success', trade_volume_quote: 1500, avg_execution_price: expect.any(Number), mid_price: expect.any(Number) },
      ...{ price_impact_percent: expect.any(Number), base_quantity_filled: expect.any(Number) },
    });
    if (venue === 'binance') expect(analysis.data.funding_rate.status).toBe('info');
    else {
      expect(analysis.data.funding_rate).toEqual({
        ...{ status: 'success', symbol, funding_rate: expect.any(Number), funding_timestamp: expect.any(Number) },
        ...{ predicted_rate: null, estimated_apr: expect.any(Number) },
      });
    }
    old.send(message('analyze_and_place_order', venue, params));
    // The dry run has brought nothing more.
    expect(await old.next()).toEqual({ status: 'processing', action: 'analyze_and_place_order' });
    expect(await old.next()).toMatchObject({ action: 'pre_trade_analysis', status: 'completed' });
    const filled = await old.next((each) => each.action === 'analyze_and_place_order' && each.status === 'filled');
    expect(filled.data.average * filled.data.filled * (contractSize === 1 ? 1 : contractSize / filled.data.average)).toBeCloseTo(
      1500,
      -3,
    );
    old.send(message('analyze_and_place_order', venue, { ...params, trade_volume_quote: 1e15 }));
    expect(await old.next((each) => each.status === 'error')).toEqual({
      ...{ action: 'analyze_and_place_order', status: 'error' },
      message: 'Cannot place order: Insufficient liquidity to fill the entire trade volume.',
    });
  });

  it('get_account_info', async () => {
    const old = await connected();
    old.send(message('get_account_info', venue, {}));
    expect(await old.next()).toEqual({ status: 'processing', action: 'get_account_info' });
    const { action, data } = await old.next();
    const currency = venue === 'binancecoinm' ? 'BTC' : 'USDT';
    const row = data[currency] as { total: number };
    expect([action, data.total[currency], row.total > 0]).toEqual(['get_account_info', row.total, true]);
  });
});

it('a bare pair on a venue without spot is its perpetual, and the reply names it', async () => {
  const old = await connected();
  old.send(message('place_market_order', 'binanceusdm', { symbol: 'BTC/USDT', side: 'sell', amount: 0.01 }));
  expect(await old.next((each) => each.status === 'placed')).toMatchObject({ data: { symbol: 'BTC/USDT:USDT' } });
  old.send(message('place_market_order', 'binancecoinm', { symbol: 'BTC/USDT', side: 'sell', amount: 1 }));
  expect(await old.next((each) => each.status === 'error')).toMatchObject({
    message: expect.stringMatching(/has no "BTC\/USDT"/),
  });
});

it('uses named accounts when there are no keys', async () => {
  const old = await connected();
  const { api_key: _, api_secret: __, ...keyless } = message('get_account_info', 'binance', {});
  // One account of that venue, whatever it is called.
  old.send(keyless);
  expect(await old.next(of('get_account_info'))).toEqual({ status: 'processing', action: 'get_account_info' });
  expect(await old.next(of('get_account_info'))).toMatchObject({ status: 'completed' });
});

describe('mistakes', () => {
  it.each([
    [{ action: 'dance' }, { status: 'error', message: 'Unknown action: dance' }],
    [
      { action: 'place_market_order', exchange: 'binance', api_key: 'x' },
      { status: 'error', message: /^Missing required data/ },
    ],
    [
      { action: 'get_account_info', exchange: 'binance', api_key: 'wrong', api_secret: 'wrong' },
      { status: 'error', message: /./ },
    ],
    [
      { action: 'get_account_info', exchange: 'okay', api_key: 'k', api_secret: 's' },
      { status: 'error', message: /okay/ },
    ],
    [
      { action: 'get_order', exchange: 'binance', params: { order_id: '1' } },
      { status: 'error', message: /No order "1"/ },
    ],
    [{ action: 'stop_orderbook_persistence' }, { status: 'error', message: 'No active persistence task found.' }],
  ])('%j', async (wrong, answer) => {
    const old = await connected();
    old.send(wrong);
    const error = await old.next((each) => each.status === 'error');
    if (typeof answer.message === 'string') expect(error).toEqual(answer);
    else expect(error.message).toMatch(answer.message);
    expect(JSON.stringify(error)).not.toContain('api_secret":');
  });

  it.each([
    [{ side: 'by', amount: 1 }, /params\.side must be "buy" or "sell"/],
    [{ side: 'buy', amount: 'many' }, /params\.amount must be a positive number/],
    [{ side: 'buy', amount: -1 }, /params\.amount must be a positive number/],
    [{ side: 'buy', amount: 1e-7 }, /amount 0 is below the least allowed/],
  ])('an order with %j', async (wrong, text) => {
    const old = await connected();
    old.send(message('place_market_order', 'binance', { symbol: 'BTC/USDT', ...wrong }));
    expect(await old.next()).toMatchObject({ status: 'processing' });
    expect(await old.next()).toMatchObject({
      action: 'place_market_order',
      status: 'error',
      message: expect.stringMatching(text),
    });
  });

  it('an order that the venue refuses is rejected, and says why', async () => {
    const old = await connected();
    const price = Number(await lowPrice(exchange, 'binance', 'BTC/USDT'));
    old.send(message('place_limit_order', 'binance', { symbol: 'BTC/USDT', side: 'buy', amount: 1000, price }));
    expect(await old.next()).toMatchObject({ status: 'processing' });
    expect(await old.next()).toMatchObject({
      ...{ action: 'place_limit_order', status: 'rejected', data: { status: 'rejected', filled: 0 } },
      message: expect.stringMatching(/insufficient balance/i),
    });
  });

  it('a connection without a user', async () => {
    client = await OldClient.open(exchange.server.webSocketUrl);
    client.send({ action: 'get_account_info' });
    const [code, reason] = (await once(client.socket, 'close')) as [number, Buffer];
    expect([code, String(reason)]).toEqual([1008, 'User ID is required for connection.']);
  });
});

it('keys in messages are refused where the configuration says so', async () => {
  await using strict = await startExchange({ seed: SEED, venues: ['binance'], server: { inlineKeys: 'never' } });
  client = await OldClient.open(strict.server.webSocketUrl);
  client.send({ user_id: 'x' });
  const { apiKey, secret } = strict.simulator.ready.venues['binance']!.credentials!;
  client.send({ action: 'get_account_info', exchange: 'binance', api_key: apiKey, api_secret: secret });
  expect((await client.next((each) => each.status === 'error')).message).toMatch(/Keys in messages are not accepted for binance/);
});

it('start_orderbook streams the book until stop_orderbook', async () => {
  const old = await connected();
  old.send({ action: 'start_orderbook', exchange: 'binanceusdm', symbol: 'BTC/USDT' });
  expect(await old.next()).toMatchObject({ action: 'start_orderbook', exchange: 'binanceusdm', symbol: 'BTC/USDT:USDT' });
  const { data } = await old.next((each) => each.action === 'orderbook' && each.data.state === 'live');
  const oracle = exchange.simulator.oracle.book('binanceusdm', 'BTC/USDT:USDT', data.sequence);
  expect([data.bids, data.asks]).toEqual([oracle.bids.slice(0, 10), oracle.asks.slice(0, 10)]);
  old.send({ action: 'stop_orderbook' });
  expect(await old.next(of('stop_orderbook'))).toEqual({ action: 'stop_orderbook' });
});
