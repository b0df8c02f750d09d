import { connect } from '@speed-protocol/client';
import { accountEvent, commands } from '@speed-protocol/protocol/schemas';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Exchange, startExchange } from './exchange.js';
import { lowPrice, openTrader } from './trader.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const SEED = Number(process.env['SPEED_SEED'] ?? 20_261_121);
const MARKETS = [
  ['binance', 'BTC/USDT', '0.01'],
  ['binanceusdm', 'BTC/USDT:USDT', '0.01'],
  ['binancecoinm', 'BTC/USD:BTC', '5'],
] as const;

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange({ seed: SEED });
});
afterAll(() => exchange[Symbol.asyncDispose]());

describe.each(MARKETS)('%s', (venue, symbol, amount) => {
  it('fills a market order, tells it, and shows what it brought', async () => {
    await using trader = await openTrader(exchange);
    const { client, events, until, untilStatus } = trader;
    const account = client.account(venue);
    const order = await account.place({ symbol, side: 'buy', type: 'market', amount, ref: `m-${venue}` });
    expect(order).toMatchObject({ account: venue, venue, symbol, side: 'buy', type: 'market', ref: `m-${venue}` });
    await untilStatus(order, 'FILLED');
    const fill = await until((each) => each.type === 'fill' && each.fill.clientOrderId === order.clientOrderId);
    expect(fill).toMatchObject({ account: venue, fill: { symbol, side: 'buy', liquidity: 'taker' } });
    for (const event of events) if (event.type !== 'relist') expect(accountEvent.parse(event)).toEqual(event);
    const seqs = events.flatMap((event) => (event.type === 'relist' ? [] : [event.seq]));
    expect(seqs).toEqual(seqs.map((_each, at) => seqs[0]! + at));

    const known = await account.order(order.clientOrderId);
    expect(commands.order.result.parse(known)).toEqual(known);
    expect(known.order).toMatchObject({ status: 'FILLED', fillsComplete: true, filled: amount });
    expect(known.fills.length).toBeGreaterThan(0);
    expect(await account.fills({ clientOrderId: order.clientOrderId })).toEqual(known.fills);
    const balances = await account.balances();
    expect(balances.length).toBeGreaterThan(0);
    const positions = await account.positions();
    if (venue === 'binance') expect(positions).toEqual([]);
    else expect(positions).toMatchObject([{ symbol, amount: expect.stringMatching(/^[1-9]|^0\.0*[1-9]/) }]);
  });

  it('follows the profit of an order', async () => {
    await using trader = await openTrader(exchange, 'own');
    const { client, untilStatus } = trader;
    const account = client.account(venue);
    const order = await account.place({ symbol, side: 'buy', type: 'market', amount });
    await untilStatus(order, 'FILLED');
    const pnl = await new Promise<{ netPnl: string | null; side: string }>((resolve, reject) => {
      account.watchPnl(order.clientOrderId, (each) => each.netPnl !== null && resolve(each)).catch(reject);
    });
    expect(pnl).toMatchObject({ side: 'long', symbol, clientOrderId: order.clientOrderId, open: true });
  });

  it('rests, amends and cancels a limit order', async () => {
    await using trader = await openTrader(exchange, 'own');
    const { client, untilStatus } = trader;
    const account = client.account(venue);
    const price = await lowPrice(exchange, venue, symbol);
    const order = await account.place({ symbol, side: 'buy', type: 'limit', amount, price });
    await untilStatus(order, 'OPEN');
    const [open, ...more] = await account.orders({ open: true });
    expect([open!.clientOrderId, Number(open!.price), more]).toEqual([order.clientOrderId, Number(price), []]);
    const lower = String(Number(price) - 10);
    const described = (await client.call('describe')).venues.find((each) => each.id === venue);
    if (described?.capabilities.trading?.amend?.includes('price')) {
      const amended = await account.amend(order.clientOrderId, { price: lower });
      expect([amended.outcome.status, Number(amended.order.price)]).toEqual(['accepted', Number(lower)]);
    }
    expect((await account.cancel(order.clientOrderId)).outcome.status).toBe('accepted');
    await untilStatus(order, 'CANCELED');
    expect(await account.orders({ open: true })).toEqual([]);
  });

  it('analyses, and places what it analysed', async () => {
    await using trader = await openTrader(exchange, 'own');
    const { client, untilStatus } = trader;
    const account = client.account(venue);
    const dry = await account.analyzeAndPlace({ symbol, side: 'sell', quote: 2000, dryRun: true });
    expect(dry).toMatchObject({ order: null, priceImpact: { complete: true, side: 'sell' } });
    expect(dry.funding === null).toBe(venue === 'binance');
    expect(await client.call('analyze', { venue, symbol, side: 'sell', quote: 2000 })).toMatchObject({ priceImpact: { venue } });
    const { order, priceImpact } = await account.analyzeAndPlace({ symbol, side: 'sell', quote: 2000 });
    expect(Number(order!.amount)).toBeLessThanOrEqual(priceImpact.contracts + 1e-9);
    await untilStatus(order!, 'FILLED');
    await expect(account.analyzeAndPlace({ symbol, side: 'sell', quote: 1e12 })).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('does not hold that much'),
      outcomeKnown: true,
    });
  });
});

describe('an order that is wrong', () => {
  it.each([
    [{ type: 'limit', amount: '0.01' }, /price: a limit order needs one/],
    [{ type: 'market', amount: '0.01', price: '1' }, /price: a market order has none/],
    [{ type: 'market', amount: 0.01 }, /amount: must be a decimal number as text, e\.g\. "0\.001"/],
    [{ type: 'market', amount: '1e3' }, /amount: must be a positive decimal number/],
    [{ type: 'market', amount: '0' }, /amount: must be a positive decimal number/],
    [{ type: 'market', amount: '-1' }, /amount/],
    [{ type: 'market', amount: '0.01', amont: '1' }, /unknown key "amont"; did you mean "amount"/],
    [{ type: 'limit', amount: '0.01', price: '100.001' }, /is not a multiple of 0\.01; nearest legal: 100 or 100\.01/],
    [{ type: 'market', amount: '0.01', symbol: 'BTC/USDX' }, /BTC\/USDX.*did you mean "BTC\/USDT"/],
  ])('is refused unsent: %j', async (wrong, message) => {
    await using client = connect(exchange.server.webSocketUrl);
    const params = { account: 'binance', symbol: 'BTC/USDT', side: 'buy', ...wrong };
    const refusal = client.call('place', params as never);
    await expect(refusal).rejects.toThrow(message);
    await expect(refusal).rejects.toMatchObject({ outcomeKnown: true });
  });

  it('says which accounts there are', async () => {
    await using client = connect(exchange.server.webSocketUrl);
    const wish = { symbol: 'BTC/USDT', side: 'buy', type: 'market', amount: '1' } as const;
    await expect(client.account('binanse').place(wish)).rejects.toMatchObject({
      kind: 'not-found',
      message: 'No account "binanse"; did you mean "binance"? (yours: binance, binanceusdm, binancecoinm)',
    });
  });
});

it('places once however often the same reference comes', async () => {
  await using client = connect(exchange.server.webSocketUrl);
  const account = client.account('binance');
  const price = await lowPrice(exchange, 'binance', 'BTC/USDT');
  const wish = { symbol: 'BTC/USDT', side: 'buy', type: 'limit', amount: '0.01', price, ref: 'once' } as const;
  const placed = await Promise.all([account.place(wish), account.place(wish), account.place(wish)]);
  expect(new Set(placed.map((each) => each.clientOrderId)).size).toBe(1);
  expect((await account.place(wish)).clientOrderId).toBe(placed[0]!.clientOrderId);
  await exchange.restart();
  await using later = connect(exchange.server.webSocketUrl);
  const again = await later.account('binance').place(wish);
  expect(again).toMatchObject({ clientOrderId: placed[0]!.clientOrderId, ref: 'once' });
  expect(again).not.toHaveProperty('tag');
  expect((await account.orders({ open: true })).length).toBe(1);
  expect(await account.cancelAll()).toMatchObject({ left: [], confirmed: true, orders: [{ status: 'CANCELED', ref: 'once' }] });
});

it('stops by the kill switch, and shuts down to nothing', async () => {
  await using trader = await openTrader(exchange);
  const { client, until } = trader;
  const [venue, symbol, amount] = MARKETS[1];
  const account = client.account(venue);
  const price = await lowPrice(exchange, venue, symbol);
  const order = await account.place({ symbol, side: 'buy', type: 'limit', amount, price });
  expect((await account.killSwitch(true, 'enough')).account.killed).toBe(true);
  await until((each) => each.type === 'account' && each.state === 'killed' && each.reason === 'enough');
  expect((await account.order(order.clientOrderId)).order.status).toBe('CANCELED');
  await expect(account.place({ symbol, side: 'buy', type: 'market', amount })).rejects.toMatchObject({
    kind: 'unavailable',
    outcomeKnown: true,
  });
  expect((await account.killSwitch(false)).account.killed).toBe(false);
  await account.place({ symbol, side: 'buy', type: 'market', amount });
  const report = await account.shutdown();
  expect(report).toMatchObject({ confirmed: true, positions: [], problems: [] });
  expect(report.flattened.length).toBeGreaterThan(0);
  expect(await account.positions()).toEqual([]);
  await account.killSwitch(false);
});

it('answers in time when the venue does not, and calls nothing failed that was filled', async () => {
  await using slow = await startExchange({ seed: SEED, venues: ['binance'], server: { limits: { answerMs: 100 } } });
  await using trader = await openTrader(slow);
  const account = trader.client.account('binance');
  const wish = { symbol: 'BTC/USDT', side: 'buy', type: 'market', amount: '0.01' } as const;
  await trader.untilStatus(await account.place(wish), 'FILLED');
  slow.simulator.faults.inject({ kind: 'slow-ack', venue: 'binance', delayMs: 3000, durationMs: 60_000 });
  const placed = await account.place({ ...wish, ref: 'slow' });
  expect(placed).toMatchObject({ ref: 'slow', status: expect.stringMatching(/^(PENDING|OPEN|FILLED)$/) });
  const filled = await trader.untilStatus(placed, 'FILLED');
  expect(filled).toMatchObject({ order: { clientOrderId: placed.clientOrderId, ref: 'slow' } });
  expect((await account.orders()).map(({ status }) => status)).toEqual(['FILLED', 'FILLED']);
});
