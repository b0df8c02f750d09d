import bybit from '@speed-protocol/exchange-bybit/sim';
import { type Account, type Accounts, keyOf, type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { RestClientV5, WebsocketAPIClient, WebsocketClient } from 'bybit-api';
import ccxt, { type Exchange, type Order } from 'ccxt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { pointBybit } from './bybit.js';
import { expectNoEscape, SEED } from './simulation.js';

const MARKETS = [
  { symbol: 'BTC/USDT', amount: 0.02 },
  { symbol: 'BTC/USDT:USDT', amount: 0.02 },
  { symbol: 'BTC/USD:BTC', amount: 2000 },
] as const;

let sim: RunningSimulator;
let accounts: Accounts;
let account: Account;
beforeAll(async () => {
  const symbols = MARKETS.map(({ symbol }) => symbol);
  sim = await startSimulator({ dialects: [bybit], seed: SEED, symbols, flow: { eventsPerSecond: 60 } });
  accounts = sim.accounts('bybit');
  account = accounts.get('default')!;
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

const at = () => sim.ready.venues['bybit']!;

/** ccxt as it comes, but for its URLs and keys. */
async function signIn<E extends Exchange>(exchange: E): Promise<E> {
  const { apiKey, secret } = at().credentials!;
  await pointBybit(sim, exchange);
  Object.assign(exchange, { apiKey, secret });
  await exchange.loadMarkets();
  return exchange;
}

describe.each(MARKETS)('ccxt bybit trades $symbol', ({ symbol, amount }) => {
  let exchange: Exchange;
  beforeAll(async () => {
    exchange = await signIn(new ccxt.bybit({ options: { createMarketBuyOrderRequiresPrice: false } }) as Exchange);
  });

  const market = () => sim.oracle.market('bybit', symbol);
  const key = () => keyOf(market().listing);
  const far = () => Number((market().grid.price(market().engine.bids.best!.price) * 0.97).toFixed(0));
  /** The ledger's word on an order, in ccxt's words. */
  const truth = (id: string) => {
    const { grid } = market();
    const order = account.order({ symbol: key(), id: Number(id) })!;
    const status = { open: 'open', 'partially-filled': 'open', filled: 'closed', canceled: 'canceled', expired: 'canceled' }[
      order.status
    ];
    return { status, side: order.side, amount: grid.size(order.size), filled: grid.size(order.filled) };
  };
  const expectTrue = (order: Order) => expect(order).toMatchObject(truth(order.id as string));

  it('places, finds, changes and cancels a limit order', async () => {
    // Once: the market moves on.
    const price = far();
    const clientOrderId = `stranger-${symbol.length}`;
    const placed = await exchange.createOrder(symbol, 'limit', 'buy', amount, price, { clientOrderId });
    const found = await exchange.fetchOpenOrder(placed.id as string, symbol);
    expectTrue(found);
    expect([found.price, found.status, found.clientOrderId]).toEqual([price, 'open', clientOrderId]);
    await exchange.editOrder(placed.id as string, symbol, 'limit', 'buy', amount * 2, price - 10);
    const after = await exchange.fetchOpenOrder(placed.id as string, symbol);
    expectTrue(after);
    expect([after.price, after.amount]).toEqual([price - 10, amount * 2]);
    expect((await exchange.fetchOpenOrders(symbol)).map(({ id }) => id)).toEqual([placed.id]);
    await exchange.cancelOrder(placed.id as string, symbol);
    expectTrue(await exchange.fetchClosedOrder(placed.id as string, symbol));
    expect(await exchange.fetchOpenOrders(symbol)).toEqual([]);
    await expect(exchange.cancelOrder(placed.id as string, symbol)).rejects.toThrow(ccxt.OrderNotFound);
  });

  it('trades at market, and sees the fills of the ledger', async () => {
    for (const side of ['buy', 'buy', 'sell'] as const) {
      // ccxt buys spot for an amount of quote unless told otherwise.
      const order = await exchange.createOrder(symbol, 'market', side, amount, undefined, { marketUnit: 'baseCoin' });
      expectTrue(await exchange.fetchClosedOrder(order.id as string, symbol));
    }
    const { grid } = market();
    const fills = accounts.ledger.entries.flatMap((entry) =>
      entry.kind === 'fill' && entry.account === 'default' && entry.symbol === key()
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
    const found = await exchange.fetchClosedOrder(order.id as string, symbol);
    const { rejectReason } = found.info as { rejectReason: string };
    expect([found.status, found.filled, rejectReason]).toEqual(['canceled', 0, 'EC_PostOnlyWillTakeLiquidity']);
  });

  it('is refused in words: too large, an id that was used, though its order has ended', async () => {
    await expect(exchange.createOrder(symbol, 'limit', 'buy', amount * 1e6, far())).rejects.toThrow(ccxt.InsufficientFunds);
    const clientOrderId = `twice-${symbol.length}`;
    const first = await exchange.createOrder(symbol, 'limit', 'buy', amount, far(), { clientOrderId });
    await exchange.cancelOrder(first.id as string, symbol);
    await expect(exchange.createOrder(symbol, 'limit', 'buy', amount, far(), { clientOrderId })).rejects.toThrow(
      ccxt.InvalidOrder,
    );
  });
});

it('ccxt spends an amount of quote when it buys spot at market', async () => {
  const exchange = await signIn(new ccxt.bybit({ options: { createMarketBuyOrderRequiresPrice: false } }) as Exchange);
  await exchange.createMarketBuyOrderWithCost('BTC/USDT', 1_000);

  const { filledValue } = account.orders.at(-1)!;
  expect(Number(filledValue) / 1e16).toBeGreaterThan(990);
  expect(Number(filledValue) / 1e16).toBeLessThanOrEqual(1_000);
});

it('ccxt reads balances, positions and leverage that are the account’s', async () => {
  const exchange = await signIn(new ccxt.bybit() as Exchange);
  const balance = (await exchange.fetchBalance()) as never as Record<string, { total: number }>;
  for (const { asset, total } of account.balances) expect(balance[asset]!.total).toBeCloseTo(Number(total) / 1e8, 7);
  await exchange.setLeverage(7, 'BTC/USDT:USDT');
  expect(account.leverage('BTCUSDT')).toBe(7);
  const [position] = await exchange.fetchPositions(['BTC/USDT:USDT']);
  const held = account.findPosition('BTCUSDT', 'net')!;
  expect(position).toMatchObject({ symbol: 'BTC/USDT:USDT', side: 'long', contracts: held.size / 1000, leverage: 7 });
  expect(position!.entryPrice).toBeCloseTo(Number(held.entryPrice(8)) / 1e8, 6);
});

it('ccxt pro hears its orders and trades over the order socket', async () => {
  const pro = await signIn(new ccxt.pro.bybit() as Exchange);
  const symbol = 'BTC/USDT:USDT';
  // The stream and the orders are two sockets: the stream must listen before an order goes.
  const acknowledged = vi.spyOn(pro as never as { handleSubscriptionStatus: () => void }, 'handleSubscriptionStatus');
  const listening = (topics: number) => vi.waitUntil(() => acknowledged.mock.calls.length === topics, { timeout: 10_000 });
  const watching = pro.watchOrders(symbol);
  await listening(1);
  const placed = await pro.createOrderWs(symbol, 'limit', 'buy', 0.01, 80_000, { clientOrderId: 'overws1' });
  expect((await watching).at(-1)).toMatchObject({ clientOrderId: 'overws1', status: 'open', price: 80_000 });
  const next = pro.watchOrders(symbol);
  await pro.cancelOrderWs(placed.id as string, symbol);
  expect((await next).at(-1)).toMatchObject({ clientOrderId: 'overws1', status: 'canceled' });
  const trading = pro.watchMyTrades(symbol);
  const balances = pro.watchBalance();
  await listening(3);
  await pro.createOrderWs(symbol, 'market', 'sell', 0.01);
  const trade = (await trading).at(-1)!;
  const last = accounts.ledger.entries.findLast((entry) => entry.kind === 'fill')!;
  expect(trade).toMatchObject({ side: 'sell', takerOrMaker: 'taker', id: String('tradeId' in last && last.tradeId) });
  expect(((await balances) as never as Record<string, { total: number }>)['USDT']!.total).toBeGreaterThan(0);
  expect(account.openOrders()).toEqual([]);
  await pro.close();
});

const silent = { trace() {}, info() {}, error() {} };

it('bybit-api places over REST, one by one and in batches, and hears of it on the stream', async () => {
  const { apiKey: key, secret } = at().credentials!;
  const client = new RestClientV5({ key, secret, baseUrl: at().rest['public'] as string });
  const stream = new WebsocketClient({ key, secret, wsUrl: at().ws.private as string }, silent);
  const heard: { topic: string; orderLinkId: string; orderStatus?: string }[] = [];
  let wake = () => {};
  stream.on('update', (message) => {
    const { topic, data } = message as unknown as { topic: string; data: typeof heard };
    heard.push(...data.map((row) => ({ ...row, topic })));
    wake();
  });
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => (wake = resolve));
  };
  const of = (id: string) => heard.filter(({ topic, orderLinkId }) => topic === 'order' && orderLinkId === id);
  const subscribed = new Promise((resolve) => stream.on('response', resolve));
  stream.subscribeV5(['order', 'execution', 'position', 'wallet'], 'linear');
  await subscribed;
  const order = {
    category: 'linear',
    symbol: 'BTCUSDT',
    side: 'Buy',
    orderType: 'Limit',
    qty: '0.01',
    price: '80000',
    orderLinkId: 'ba-1',
  } as const;
  expect(await client.submitOrder(order)).toMatchObject({ retCode: 0, result: { orderLinkId: 'ba-1' } });
  await client.cancelOrder({ category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'ba-1' });
  await until(() => of('ba-1').some(({ orderStatus }) => orderStatus === 'Cancelled'));
  expect(of('ba-1').map(({ orderStatus }) => orderStatus)).toEqual(['New', 'Cancelled']);
  const { category: _, ...single } = order;
  const batch = await client.batchSubmitOrders('linear', [
    { ...single, orderLinkId: 'ba-2' },
    { ...single, orderLinkId: 'ba-1' },
    { ...single, orderLinkId: 'ba-3' },
  ]);
  expect(batch.retExtInfo.list.map(({ code }) => code)).toEqual([0, 110072, 0]);
  expect(account.openOrders().map(({ clientId }) => clientId)).toEqual(['ba-2', 'ba-3']);
  await client.cancelAllOrders({ category: 'linear', settleCoin: 'USDT' });
  expect(account.openOrders()).toEqual([]);
  expect((await client.getWalletBalance({ accountType: 'UNIFIED' })).result.list[0]!.coin.length).toBeGreaterThan(3);
  stream.closeAll(true);
});

it('bybit-api orders over its socket', async () => {
  const { apiKey: key, secret } = at().credentials!;
  const client = new WebsocketAPIClient(
    { key, secret, wsUrl: at().ws.trade as string, attachEventListeners: false },
    silent as never,
  );
  const terms = { category: 'spot', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.01', price: '80000' } as const;
  const placed = await client.submitNewOrder({ ...terms, orderLinkId: 'wa-1' });
  expect(placed).toMatchObject({
    retCode: 0,
    op: 'order.create',
    data: { orderLinkId: 'wa-1' },
    header: { 'X-Bapi-Limit': '20' },
  });
  expect(account.openOrders('spot/BTCUSDT').map(({ clientId }) => clientId)).toEqual(['wa-1']);
  const named = { category: 'spot', symbol: 'BTCUSDT', orderLinkId: 'wa-1' } as const;
  await client.amendOrder({ ...named, price: '79000' });
  await client.cancelOrder(named);
  expect(account.openOrders()).toEqual([]);
  await expect(client.cancelOrder(named)).rejects.toMatchObject({ retCode: 170213 });
  client.getWSClient().closeAll(true);
});
