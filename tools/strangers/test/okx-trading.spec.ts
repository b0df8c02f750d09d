import okx from '@speed-protocol/exchange-okx/sim';
import { type Account, type Accounts, type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import ccxt, { type Exchange, type Order } from 'ccxt';
import { RestClient, WebsocketClient } from 'okx-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNoEscape, SEED } from './simulation.js';

const MARKETS = [
  { symbol: 'BTC/USDT', amount: 0.02 },
  { symbol: 'BTC/USDT:USDT', amount: 2 },
  { symbol: 'BTC/USD:BTC', amount: 20 },
] as const;

let sim: RunningSimulator;
let accounts: Accounts;
let account: Account;
beforeAll(async () => {
  const symbols = MARKETS.map(({ symbol }) => symbol);
  sim = await startSimulator({ dialects: [okx], seed: SEED, symbols, flow: { eventsPerSecond: 60 } });
  accounts = sim.accounts('okx');
  account = accounts.get('default')!;
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

const at = () => sim.ready.venues['okx']!;

/** ccxt as it comes, but for its URLs and keys. */
async function signIn<E extends Exchange>(exchange: E): Promise<E> {
  const { apiKey, secret, password } = at().credentials!;
  (exchange.urls as { api: object }).api = { rest: at().rest['public'], ws: at().ws.public.replace('/public', '') };
  Object.assign(exchange, { apiKey, secret, password });
  await exchange.loadHttpProxyAgent();
  await exchange.loadMarkets();
  return exchange;
}

describe.each(MARKETS)('ccxt okx trades $symbol', ({ symbol, amount }) => {
  let exchange: Exchange;
  beforeAll(async () => {
    exchange = await signIn(new ccxt.okx() as Exchange);
  });

  const market = () => sim.oracle.market('okx', symbol);
  const far = () => Number((market().grid.price(market().engine.bids.best!.price) * 0.97).toFixed(0));
  /** The ledger's word on an order, in ccxt's words. */
  const truth = (id: string) => {
    const { grid, listing } = market();
    const order = account.order({ symbol: listing.venueSymbol, id: Number(id) })!;
    const status = { open: 'open', 'partially-filled': 'open', filled: 'closed', canceled: 'canceled', expired: 'canceled' }[
      order.status
    ];
    return {
      status,
      side: order.side,
      amount: grid.size(order.size),
      filled: grid.size(order.filled),
      clientOrderId: order.clientId,
    };
  };
  const expectTrue = (order: Order) => expect(order).toMatchObject(truth(order.id as string));

  it('places, finds, changes and cancels a limit order', async () => {
    // Once: the market moves on.
    const price = far();
    const placed = await exchange.createOrder(symbol, 'limit', 'buy', amount, price, { clientOrderId: 'stranger1' });
    const found = await exchange.fetchOrder(placed.id as string, symbol);
    expectTrue(found);
    expect([found.price, found.status, found.clientOrderId]).toEqual([price, 'open', 'stranger1']);
    await exchange.editOrder(placed.id as string, symbol, 'limit', 'buy', amount * 2, price - 10);
    const after = await exchange.fetchOrder(placed.id as string, symbol);
    expectTrue(after);
    expect([after.price, after.amount]).toEqual([price - 10, amount * 2]);
    expect((await exchange.fetchOpenOrders(symbol)).map(({ id }) => id)).toEqual([placed.id]);
    await exchange.cancelOrder(placed.id as string, symbol);
    expectTrue(await exchange.fetchOrder(placed.id as string, symbol));
    expect(await exchange.fetchOpenOrders(symbol)).toEqual([]);
    await expect(exchange.cancelOrder(placed.id as string, symbol)).rejects.toThrow(ccxt.OrderNotFound);
  });

  it('trades at market, and sees the fills of the ledger', async () => {
    for (const side of ['buy', 'buy', 'sell'] as const) {
      const order = await exchange.createOrder(symbol, 'market', side, amount);
      expectTrue(await exchange.fetchOrder(order.id as string, symbol));
    }
    const { grid, listing } = market();
    const fills = accounts.ledger.entries.flatMap((entry) =>
      entry.kind === 'fill' && entry.account === 'default' && entry.symbol === listing.venueSymbol
        ? [
            {
              id: String(entry.tradeId),
              order: String(entry.orderId),
              side: entry.side,
              price: grid.price(entry.price),
              amount: grid.size(entry.size),
              takerOrMaker: entry.liquidity,
              fee: { currency: entry.feeAsset, cost: Number(entry.fee) / 1e8 },
            },
          ]
        : [],
    );
    expect(fills.length).toBeGreaterThanOrEqual(3);
    const trades = await exchange.fetchMyTrades(symbol);
    const byId = (rows: readonly { id?: unknown }[]) => rows.toSorted((a, b) => Number(a.id) - Number(b.id));
    expect(byId(trades)).toMatchObject(byId(fills));
  });

  it('sees a post-only order that would take canceled by the venue', async () => {
    const { grid, engine } = market();
    const through = grid.price(engine.asks.best!.price) * 1.001;
    const order = await exchange.createOrder(symbol, 'limit', 'buy', amount, Number(through.toFixed(0)), { postOnly: true });
    const found = await exchange.fetchOrder(order.id as string, symbol);
    expect([found.status, found.filled, (found.info as { cancelSource: string }).cancelSource]).toEqual(['canceled', 0, '31']);
  });

  it('is refused in words: too large, a number that is open already', async () => {
    await expect(exchange.createOrder(symbol, 'limit', 'buy', amount * 1e6, far())).rejects.toThrow(ccxt.InsufficientFunds);
    const first = await exchange.createOrder(symbol, 'limit', 'buy', amount, far(), { clientOrderId: 'twice' });
    await expect(exchange.createOrder(symbol, 'limit', 'buy', amount, far(), { clientOrderId: 'twice' })).rejects.toThrow(
      ccxt.InvalidOrder,
    );
    await exchange.cancelOrder(first.id as string, symbol);
  });
});

it('ccxt reads balances, positions and leverage that are the account’s', async () => {
  const exchange = await signIn(new ccxt.okx() as Exchange);
  const balance = await exchange.fetchBalance();
  for (const { asset, total } of account.balances) {
    if (asset === 'USDT') expect((balance as never as Record<string, { total: number }>)[asset]!.total).toBeGreaterThan(0);
    expect(
      Number(
        (balance.info as { data: [{ details: { ccy: string; cashBal: string }[] }] }).data[0].details.find(
          ({ ccy }) => ccy === asset,
        )!.cashBal,
      ),
    ).toBeCloseTo(Number(total) / 1e8, 8);
  }
  await exchange.setLeverage(7, 'BTC/USDT:USDT', { mgnMode: 'cross' });
  expect(account.leverage('BTC-USDT-SWAP')).toBe(7);
  const [position] = await exchange.fetchPositions(['BTC/USDT:USDT']);
  const held = account.findPosition('BTC-USDT-SWAP', 'net')!;
  expect(position).toMatchObject({ symbol: 'BTC/USDT:USDT', side: 'long', contracts: held.size / 100, leverage: 7 });
  expect(position!.entryPrice).toBeCloseTo(Number(held.entryPrice(8)) / 1e8, 6);
});

it('ccxt pro hears its orders and trades over the order socket', async () => {
  const pro = await signIn(new ccxt.pro.okx() as Exchange);
  const symbol = 'BTC/USDT:USDT';
  const watching = pro.watchOrders(symbol);
  const placed = await pro.createOrderWs(symbol, 'limit', 'buy', 1, 80_000, { clientOrderId: 'overws1', tdMode: 'cross' });
  expect((await watching).at(-1)).toMatchObject({ clientOrderId: 'overws1', status: 'open', price: 80_000 });
  const next = pro.watchOrders(symbol);
  await pro.cancelOrderWs(placed.id as string, symbol);
  expect((await next).at(-1)).toMatchObject({ clientOrderId: 'overws1', status: 'canceled' });
  expect(account.openOrders()).toEqual([]);
  await pro.close();
});

it('okx-api places over REST and hears of it on the stream', async () => {
  const { apiKey, secret, password } = at().credentials!;
  const keys = { apiKey, apiSecret: secret, apiPass: password as string };
  const client = new RestClient({ ...keys, baseUrl: at().rest['public'] as string });
  const stream = new WebsocketClient({ accounts: [keys], wsUrl: at().ws.private as string });
  const heard: { clOrdId: string; state: string }[] = [];
  const live = new Promise<void>((resolve) => {
    stream.on('update', (message) => {
      const { arg, data } = message as unknown as { arg: { channel: string }; data: typeof heard };
      if (arg.channel === 'orders') heard.push(...data);
      if (arg.channel === 'account') resolve();
    });
  });
  const canceled = new Promise<void>((resolve) => {
    stream.on('update', () => heard.some(({ state }) => state === 'canceled') && resolve());
  });
  await stream.subscribe([{ channel: 'orders', instType: 'ANY' }, { channel: 'account' }]);
  await live;
  const order = {
    instId: 'BTC-USDT',
    tdMode: 'cash',
    side: 'buy',
    ordType: 'limit',
    sz: '0.01',
    px: '80000',
    clOrdId: 'oa1',
  } as const;
  const [placed] = await client.submitOrder(order);
  expect(placed).toMatchObject({ sCode: '0', clOrdId: 'oa1' });
  await client.cancelOrder({ instId: 'BTC-USDT', ordId: placed!.ordId });
  await canceled;
  expect(heard.filter(({ clOrdId }) => clOrdId === 'oa1').map(({ state }) => state)).toEqual(['live', 'canceled']);
  stream.closeAll(true);
});
