import type { Account, Accounts, RunningSimulator } from '@speed-protocol/simulator';
import ccxt, { type Exchange, type Order } from 'ccxt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pointAll } from '../src/index.js';
import { expectNoEscape, SEED, simulate } from './simulation.js';

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await simulate();
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

const VENUES = [
  { venue: 'binance', symbol: 'BTC/USDT', amount: 0.02, tooMuch: 900, settle: 'USDT' },
  { venue: 'binanceusdm', symbol: 'BTC/USDT:USDT', amount: 0.02, tooMuch: 900, settle: 'USDT' },
  { venue: 'binancecoinm', symbol: 'BTC/USD:BTC', amount: 20, tooMuch: 900_000, settle: 'BTC' },
] as const;

/** A price at which nobody sells. */
const FAR_BELOW = 70_000;

describe.each(VENUES)(`ccxt trades on $venue, seed ${SEED}`, ({ venue, symbol, amount, tooMuch, settle }) => {
  const contract = symbol.includes(':');
  let exchange: Exchange;
  let accounts: Accounts;
  let account: Account;
  beforeAll(async () => {
    const { apiKey, secret } = sim.ready.venues[venue]!.credentials!;
    exchange = new ccxt[venue]({ apiKey, secret }) as Exchange;
    exchange.urls = pointAll(sim.ready, exchange.urls as object) as never;
    await exchange.loadMarkets();
    accounts = sim.accounts(venue);
    account = accounts.get('default')!;
  });

  /** The order with this id, as the account has it. */
  const truthOf = ({ id }: Order) => account.orders.find((order) => String(order.id) === id)!;
  const sizeOf = (lots: number) => sim.oracle.market(venue, symbol).grid.size(lots);
  const expectTrue = (order: Order) => {
    const truth = truthOf(order);
    const status = { open: 'open', 'partially-filled': 'open', filled: 'closed', canceled: 'canceled', expired: 'expired' };
    expect({ ...order }).toMatchObject({
      symbol,
      clientOrderId: truth.clientId,
      side: truth.side,
      type: truth.kind,
      amount: sizeOf(truth.size),
      filled: sizeOf(truth.filled),
      status: status[truth.status],
    });
  };

  it('places, edits, fetches and cancels limit orders', async () => {
    const placed = await exchange.createOrder(symbol, 'limit', 'buy', amount, FAR_BELOW);
    expect(placed.status).toBe('open');
    expectTrue(await exchange.fetchOrder(placed.id as string, symbol));
    const edited = await exchange.editOrder(placed.id as string, symbol, 'limit', 'buy', amount * 2, FAR_BELOW - 10);
    const after = await exchange.fetchOrder(edited.id as string, symbol);
    expectTrue(after);
    expect([after.price, after.amount, after.status]).toEqual([FAR_BELOW - 10, amount * 2, 'open']);
    expect((await exchange.fetchOpenOrders(symbol)).map(({ id }) => id)).toEqual([edited.id]);
    const postOnly = await exchange.createOrder(symbol, 'limit', 'buy', amount, FAR_BELOW, { postOnly: true });
    await exchange.cancelOrder(edited.id as string, symbol);
    expectTrue(await exchange.fetchOrder(edited.id as string, symbol));
    expect((await exchange.fetchOpenOrders(symbol)).map(({ id }) => id)).toEqual([postOnly.id]);
    await exchange.cancelAllOrders(symbol);
    expect(await exchange.fetchOpenOrders(symbol)).toEqual([]);
    expect(account.openOrders()).toEqual([]);
  });

  it('trades at market, and sees the fills of the ledger', async () => {
    for (const side of ['buy', 'buy', 'sell'] as const) {
      const order = await exchange.createOrder(symbol, 'market', side, amount);
      expectTrue(await exchange.fetchOrder(order.id as string, symbol));
    }
    const { grid } = sim.oracle.market(venue, symbol);
    const truth = accounts.ledger.entries.flatMap((entry) =>
      entry.kind === 'fill' && entry.account === 'default'
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
    const trades = await exchange.fetchMyTrades(symbol);
    expect(truth.length).toBeGreaterThanOrEqual(3);
    expect(trades).toMatchObject(truth);
  });

  // Spot has none: that is no test left out.
  if (contract)
    it("has the account's position", async () => {
      const [position, ...others] = await exchange.fetchPositions([symbol]);
      const [truth] = account.positions;
      expect(others).toEqual([]);
      expect(position).toMatchObject({
        symbol,
        contracts: sizeOf(truth!.size),
        side: 'long',
        entryPrice: Number(truth!.entryPrice(8)) / 1e8,
      });
      const closed = await exchange.createOrder(symbol, 'market', 'sell', position!.contracts as number, undefined, {
        reduceOnly: true,
      });
      expectTrue(await exchange.fetchOrder(closed.id as string, symbol));
      expect(truth!.size).toBe(0);
    });

  it("has the account's balances", async () => {
    await exchange.createOrder(symbol, 'limit', 'buy', amount, FAR_BELOW);
    const balance = await exchange.fetchBalance();
    for (const { asset, total, locked } of account.balances) {
      const used = contract ? accounts.margin(account, asset).initial : locked;
      expect([asset, balance[asset]]).toMatchObject([asset, { total: Number(total) / 1e8, free: Number(total - used) / 1e8 }]);
    }
    await exchange.cancelAllOrders(symbol);
    expect((await exchange.fetchBalance())[settle]!.used).toBe(0);
  });

  it("knows the venue's refusals", async () => {
    const far = [symbol, 'limit', 'buy'] as const;
    await exchange.createOrder(...far, amount, FAR_BELOW, { clientOrderId: 'once' });
    await expect(exchange.createOrder(...far, amount, FAR_BELOW, { clientOrderId: 'once' })).rejects.toThrow(/uplicate/);
    if (contract) await exchange.setLeverage(1, symbol);
    // ccxt picks its futures error tables by the venue's own host names.
    const poor = contract ? /"code":-2019/ : ccxt.InsufficientFunds;
    await expect(exchange.createOrder(...far, tooMuch, FAR_BELOW)).rejects.toThrow(poor);
    await expect(exchange.fetchOrder('1', symbol)).rejects.toThrow(ccxt.OrderNotFound);
    await exchange.cancelAllOrders(symbol);
    const stranger = new ccxt[venue]({ apiKey: 'nobody', secret: 'x' }) as Exchange;
    stranger.urls = pointAll(sim.ready, stranger.urls as object) as never;
    stranger.options['fetchCurrencies'] = false;
    stranger.options['fetchMargins'] = false;
    await expect(stranger.fetchBalance()).rejects.toThrow(ccxt.AuthenticationError);
  });
});
