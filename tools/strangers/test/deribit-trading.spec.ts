import deribit from '@speed-protocol/exchange-deribit/sim';
import { type Account, type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import ccxt, { type Exchange, type Order } from 'ccxt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerFills, numberIn } from './deribit.js';
import { expectNoEscape, SEED } from './simulation.js';
import { Inbox } from './trading.js';

/** Amounts are dollars where a contract settles in its coin. */
const MARKETS = [
  { symbol: 'BTC/USD:BTC', amount: 200 },
  { symbol: 'ETH/USD:ETH', amount: 100 },
  { symbol: 'BTC/USDC:USDC', amount: 0.02 },
  { symbol: 'BTC/USDC', amount: 0.02 },
] as const;

let sim: RunningSimulator;
let account: Account;
beforeAll(async () => {
  const symbols = MARKETS.map(({ symbol }) => symbol);
  sim = await startSimulator({ dialects: [deribit], seed: SEED, symbols, flow: { eventsPerSecond: 60 } });
  account = sim.accounts('deribit').get('default')!;
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

/** ccxt as it comes, but for its URLs and keys. */
async function signIn<E extends Exchange>(exchange: E): Promise<E> {
  const { rest, ws, credentials } = sim.ready.venues['deribit']!;
  (exchange.urls as { api: object }).api = { rest: rest['public'], ws: ws.public };
  Object.assign(exchange, { apiKey: credentials!.apiKey, secret: credentials!.secret });
  await exchange.loadHttpProxyAgent();
  await exchange.loadMarkets();
  return exchange;
}

interface Message {
  readonly result?: unknown;
}

type Pro = Exchange & { handleMessage(client: unknown, message: Message): void };

describe.each(MARKETS)('ccxt deribit trades $symbol', ({ symbol, amount }) => {
  let exchange: Exchange;
  beforeAll(async () => {
    exchange = await signIn(new ccxt.deribit() as Exchange);
  });

  const market = () => sim.oracle.market('deribit', symbol);
  const far = () => Number((market().grid.price(market().engine.bids.best!.price) * 0.97).toFixed(0));
  /** The ledger's word on an order, in ccxt's words. */
  const truth = (id: string) => {
    const { grid, listing } = market();
    const order = account.order({ symbol: listing.venueSymbol, id: numberIn(id) })!;
    const ends = { open: 'open', 'partially-filled': 'open', filled: 'closed', canceled: 'canceled', expired: 'canceled' };
    const [size, filled] = [grid.size(order.size), grid.size(order.filled)];
    return { status: ends[order.status], side: order.side, amount: size, filled };
  };
  const expectTrue = (order: Order) => expect(order).toMatchObject(truth(order.id as string));

  it('places, finds, changes and cancels a limit order', async () => {
    // Once: the market moves on.
    const price = far();
    const placed = await exchange.createOrder(symbol, 'limit', 'buy', amount, price, { label: 'stranger' });
    const found = await exchange.fetchOrder(placed.id as string, symbol);
    expectTrue(found);
    expect([found.price, found.status, (found.info as { label: string }).label]).toEqual([price, 'open', 'stranger']);
    await exchange.editOrder(placed.id as string, symbol, 'limit', 'buy', amount * 2, price - 10);
    const after = await exchange.fetchOrder(placed.id as string, symbol);
    expectTrue(after);
    expect([after.price, after.amount]).toEqual([price - 10, amount * 2]);
    expect((await exchange.fetchOpenOrders(symbol)).map(({ id }) => id)).toEqual([placed.id]);
    await exchange.cancelOrder(placed.id as string, symbol);
    expectTrue(await exchange.fetchOrder(placed.id as string, symbol));
    expect(await exchange.fetchOpenOrders(symbol)).toEqual([]);
  });

  it('trades at market, and sees the fills of the ledger', async () => {
    for (const side of ['buy', 'buy', 'sell'] as const) {
      const order = await exchange.createOrder(symbol, 'market', side, amount);
      expectTrue(await exchange.fetchOrder(order.id as string, symbol));
    }
    const fills = ledgerFills(sim, symbol);
    expect(fills.length).toBeGreaterThanOrEqual(3);
    const trades = await exchange.fetchMyTrades(symbol, undefined, 100);
    const seen = trades.map((trade) => ({ ...trade, id: numberIn(trade.id), order: numberIn(trade.order) }));
    expect(seen.toSorted((a, b) => a.id - b.id)).toMatchObject(fills.toSorted((a, b) => a.id - b.id));
  });

  it('is refused in words: too large, post-only through the touch', async () => {
    await expect(exchange.createOrder(symbol, 'limit', 'buy', amount * 1e8, far())).rejects.toThrow(ccxt.InsufficientFunds);
    const { grid, engine } = market();
    const through = Number((grid.price(engine.asks.best!.price) * 1.001).toFixed(0));
    const placing = exchange.createOrder(symbol, 'limit', 'buy', amount, through, { postOnly: true });
    await expect(placing).rejects.toThrow(ccxt.ExchangeError);
    expect(await exchange.fetchOpenOrders(symbol)).toEqual([]);
  });
});

it('ccxt reads balances and positions that are the account’s', async () => {
  const exchange = await signIn(new ccxt.deribit() as Exchange);
  const { info } = (await exchange.fetchBalance()) as { info: { summaries: { currency: string; balance: number }[] } };
  expect(info.summaries.map(({ currency }) => currency)).toEqual(account.balances.map(({ asset }) => asset));
  for (const { currency, balance } of info.summaries) {
    expect(Number(balance)).toBeCloseTo(Number(account.balance(currency).total) / 1e8, 8);
  }
  const [position] = await exchange.fetchPositions(['BTC/USD:BTC']);
  const held = account.findPosition('BTC-PERPETUAL', 'net')!;
  expect(position).toMatchObject({ symbol: 'BTC/USD:BTC', side: 'long', contracts: held.size * 10 });
  expect(position!.entryPrice).toBeCloseTo(Number(held.entryPrice(8)) / 1e8, 6);
});

it('ccxt pro logs in by signature and hears its orders, trades and balance', async () => {
  const pro = (await signIn(new ccxt.pro.deribit() as Exchange)) as Pro;
  const heard = new Inbox<Message>();
  const take = pro.handleMessage.bind(pro);
  pro.handleMessage = (client, message) => {
    take(client, message);
    heard.push(message);
  };
  const symbol = 'BTC/USD:BTC';
  const watching = pro.watchOrders(symbol);
  const trades = pro.watchMyTrades(symbol);
  await pro.watchBalance();
  // The subscriptions are answered in their own time.
  const isAnswered = (channel: string) => (messages: readonly Message[]) =>
    messages.some(({ result }) => `${result}` === channel);
  for (const what of ['orders', 'trades']) await heard.until(isAnswered(`user.${what}.any.any.raw`));
  const placed = await pro.createOrder(symbol, 'limit', 'buy', 100, 80_000, { label: 'watched' });
  expect((await watching).at(-1)).toMatchObject({ id: placed.id, status: 'open', price: 80_000 });
  const next = pro.watchOrders(symbol);
  await pro.cancelOrder(placed.id as string, symbol);
  expect((await next).at(-1)).toMatchObject({ id: placed.id, status: 'canceled' });
  const filled = await pro.createOrder(symbol, 'market', 'buy', 100);
  expect((await trades).at(-1)).toMatchObject({ order: filled.id, side: 'buy' });
  expect(account.openOrders()).toEqual([]);
  await pro.close();
});
