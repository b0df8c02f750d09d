import { connect } from '@speed-protocol/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Exchange, startExchange } from './exchange.js';
import { lowPrice, openTrader } from './trader.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const SEED = Number(process.env['SPEED_SEED'] ?? 20_261_121);
const SPOT = ['binance', 'BTC/USDT'] as const;

let exchange: Exchange;
let other: Awaited<ReturnType<typeof openTrader>>;
let price: string;
const limits = { resumeEvents: 12 };
beforeAll(async () => {
  exchange = await startExchange({ seed: SEED, venues: [SPOT[0]], server: { limits } });
  price = await lowPrice(exchange, ...SPOT);
  other = await openTrader(exchange, 'own');
});
afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await exchange[Symbol.asyncDispose]();
});

const place = (trader = other) =>
  trader.client.account(SPOT[0]).place({ symbol: SPOT[1], side: 'buy', type: 'limit', amount: '0.01', price });

/** Placed and cancelled: some events, all told when this resolves. */
async function placeAndCancel(): Promise<void> {
  const order = await place();
  await other.untilStatus(order, 'OPEN');
  await other.client.account(SPOT[0]).cancel(order.clientOrderId);
  await other.untilStatus(order, 'CANCELED');
}

const consecutive = (numbers: readonly number[]) => numbers.map((_each, at) => numbers[0]! + at);

describe.each(['pull', 'cut'] as const)('after a %s', (how) => {
  it('a session goes on: what happened meanwhile is told once, in order', async () => {
    await using trader = await openTrader(exchange);
    const before = await place();
    await trader.untilStatus(before, 'OPEN');
    trader[how]();
    const during = await place();
    await other.client.account(SPOT[0]).cancelAll();
    await trader.untilStatus(during, 'CANCELED');
    expect(trader.relists()).toEqual(['new']);
    expect(trader.numbers()).toEqual(consecutive(trader.numbers()));
    const ids = trader.events.flatMap((each) =>
      each.type === 'order' ? [`${each.order.clientOrderId} ${each.order.status}`] : [],
    );
    expect(ids.filter((each) => each === `${during.clientOrderId} CANCELED`)).toHaveLength(1);
  });

  it('so does one of own orders only', async () => {
    await using trader = await openTrader(exchange, 'own');
    const order = await place(trader);
    const foreign = await place();
    trader[how]();
    await other.client.account(SPOT[0]).cancelAll();
    await trader.untilStatus(order, 'CANCELED');
    const ids = new Set(trader.events.flatMap((each) => (each.type === 'order' ? [each.order.clientOrderId] : [])));
    expect([...ids]).toEqual([order.clientOrderId]);
    expect(ids).not.toContain(foreign.clientOrderId);
    expect(trader.numbers()).toEqual(consecutive(trader.numbers()));
  });
});

describe('a session that cannot be gone on with says why', () => {
  const resume = async (params: { session?: string; after?: number }) => {
    await using client = connect(exchange.server.webSocketUrl);
    return await client.call('resume', params);
  };

  it('when too much was missed', async () => {
    const { session, resumed, reason } = await resume({});
    expect([resumed, reason]).toEqual([false, 'new']);
    for (let i = 0; i < 6; i++) await placeAndCancel();
    expect(await resume({ session, after: 0 })).toMatchObject({ resumed: false, reason: 'missed-too-much', seq: 0 });
    // The number of an event that never was.
    expect(await resume({ session, after: 1e6 })).toMatchObject({ resumed: false, reason: 'missed-too-much' });
  });

  it('when there is none', async () => {
    const { session } = await resume({});
    const wrong = `${session.slice(0, -1)}${session.endsWith('0') ? '1' : '0'}`;
    expect(await resume({ session: wrong, after: 0 })).toMatchObject({ resumed: false, reason: 'expired' });
    expect(await resume({ session: 'other.1', after: 0 })).toMatchObject({ resumed: false, reason: 'server-restarted' });
  });

  it('when it was too long ago', async () => {
    await using short = await startExchange({ seed: SEED, venues: [SPOT[0]], server: { limits: { resumeMs: 0 } } });
    await using first = connect(short.server.webSocketUrl);
    const { session } = await first.call('resume', {});
    await first[Symbol.asyncDispose]();
    await using second = connect(short.server.webSocketUrl);
    await expect.poll(async () => (await second.call('resume', { session, after: 0 })).reason).toBe('expired');
  });
});

it('is counted in the metrics, and so are accounts by state', async () => {
  const text = await (await fetch(`${exchange.server.url}metrics`)).text();
  expect(text).toMatch(/^speed_server_accounts\{state="ready"\} 1$/m);
  expect(Number(/^speed_server_account_sessions (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
});

it('belongs to one connection at a time: the one that resumed it last', async () => {
  await using trader = await openTrader(exchange);
  await using client = connect(exchange.server.webSocketUrl);
  await using thief = connect(exchange.server.webSocketUrl);
  const { session, seq } = await client.call('resume', {});
  expect(await thief.call('resume', { session, after: seq })).toMatchObject({ resumed: true, session });
  await expect.poll(() => client.state).toBe('closed');
  await placeAndCancel();
  await trader.until((each) => each.type === 'order' && each.order.status === 'CANCELED');
});

it('is told to list again after the server has started anew, and orders are as they were', async () => {
  await using trader = await openTrader(exchange);
  const account = trader.client.account(SPOT[0]);
  const order = await place(trader);
  await trader.untilStatus(order, 'OPEN');
  await exchange.restart();
  await trader.until((each) => each.type === 'relist' && each.reason === 'server-restarted');
  const [known, ...more] = await account.orders({ open: true });
  expect([known?.clientOrderId, known?.status, more]).toEqual([order.clientOrderId, 'OPEN', []]);
  await account.cancel(order.clientOrderId);
  await trader.untilStatus(order, 'CANCELED');
});
