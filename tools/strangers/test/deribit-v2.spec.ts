import { createRequire } from 'node:module';
import deribit from '@speed-protocol/exchange-deribit/sim';
import { type Account, type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPointed } from '../src/index.js';
import { type BookChange, expectOnTape, ledgerFills, numberIn, RecipeBook, type TradeRow } from './deribit.js';
import { expectNoEscape, expectTruth, SEED } from './simulation.js';
import { Inbox, type Keys, openAccount } from './trading.js';

const require = createRequire(import.meta.url);

/** Amounts are dollars where a contract settles in its coin. */
const MARKETS = [
  { symbol: 'BTC/USD:BTC', amount: 200 },
  { symbol: 'ETH/USD:ETH', amount: 100 },
  { symbol: 'BTC/USDC:USDC', amount: 0.02 },
] as const;
const SYMBOLS = MARKETS.map(({ symbol }) => symbol);

interface Answer<R> {
  readonly result?: R;
  readonly error?: { readonly code: number; readonly message: string };
}

/** `deribit-v2-ws`: one connection for each time it is loaded. */
interface DeribitV2 {
  connect(): Promise<void>;
  authenticate(key: string, secret: string): Promise<void>;
  request<R = unknown>(method: string, params: object): Promise<Answer<R>>;
  subscribe<D>(access: 'public' | 'private', channel: string, handler: (data: D) => void): Promise<Answer<string[]>>;
}

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await startSimulator({ dialects: [deribit], seed: SEED, symbols: SYMBOLS, flow: { eventsPerSecond: 60 } });
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

const venueSymbolOf = (symbol: string): string => sim.oracle.market('deribit', symbol).listing.venueSymbol;

/** Its address stands in its source; everything else is as it comes. */
const load = () => {
  const { origin } = new URL(sim.ready.venues['deribit']!.ws.public);
  return loadPointed<DeribitV2>(require.resolve('deribit-v2-ws'), { 'wss://www.deribit.com': origin });
};

async function connect(): Promise<DeribitV2> {
  const { client } = load();
  await client.connect();
  return client;
}

async function signIn({ apiKey, secret }: Keys): Promise<DeribitV2> {
  const client = await connect();
  await client.authenticate(apiKey, secret);
  return client;
}

it('is what came from its maker but for one address', () => {
  expect(load().replaced).toEqual([{ file: 'con.js', address: 'wss://www.deribit.com', times: 1 }]);
});

describe('deribit-v2-ws listens', () => {
  let anybody: DeribitV2;
  let member: DeribitV2;
  beforeAll(async () => {
    anybody = await connect();
    member = await signIn(await openAccount(sim, 'deribit', 'listener'));
  });

  /** Hears a book until it has changed often enough; the oracle is asked at every change. */
  async function hearBook(client: DeribitV2, access: 'public' | 'private', symbol: string, interval: string): Promise<void> {
    const book = new RecipeBook();
    const heard = new Inbox<unknown>();
    const channel = `book.${venueSymbolOf(symbol)}.${interval}`;
    // The client cannot unsubscribe: later changes are not looked at, else they would keep it too busy to answer heartbeats.
    const isEnough = () => heard.items.length >= 20 || heard.items.some((error) => error !== undefined);
    const answer = await client.subscribe<BookChange>(access, channel, (change) => {
      if (isEnough()) return;
      try {
        book.take(change);
        expectTruth(sim, 'deribit', symbol, book.changeId, book.levels());
        heard.push(undefined);
      } catch (error) {
        heard.push(error);
      }
    });
    expect(answer.result).toEqual([channel]);
    const all = await heard.until(isEnough);
    expect(all.filter((error) => error !== undefined)).toEqual([]);
  }

  it.each(SYMBOLS)(`to books of %s that are the oracle's, seed ${SEED}`, async (symbol) => {
    await hearBook(anybody, 'public', symbol, '100ms');
    await hearBook(member, 'private', symbol, 'raw');
  });

  it('to raw channels only when it has logged in', async () => {
    const channel = 'trades.BTC-PERPETUAL.raw';
    expect(await anybody.subscribe('public', channel, () => {})).toMatchObject({ error: { code: 13778 } });
    expect(await member.subscribe('private', channel, () => {})).toMatchObject({ result: [channel] });
  });

  it('to trades, quotes and tickers', async () => {
    const trades = new Inbox<TradeRow>();
    await anybody.subscribe<TradeRow[]>('public', 'trades.future.any.100ms', (rows) => rows.forEach(trades.push));
    for (const row of await trades.until(({ length }) => length >= 10)) expectOnTape(sim, row);
    const quotes = new Inbox<{ best_bid_price: number; best_ask_price: number }>();
    await anybody.subscribe('public', 'quote.BTC-PERPETUAL', quotes.push);
    const [quote] = await quotes.until(({ length }) => length > 0);
    expect(quote!.best_bid_price).toBeLessThan(quote!.best_ask_price);
    const tickers = new Inbox<{ instrument_name: string; last_price: number }>();
    await anybody.subscribe('public', 'ticker.ETH-PERPETUAL.100ms', tickers.push);
    const [ticker] = await tickers.until(({ length }) => length > 0);
    expect([ticker!.instrument_name, ticker!.last_price > 0]).toEqual(['ETH-PERPETUAL', true]);
  });
});

interface OrderRow {
  readonly order_id: string;
  readonly order_state: string;
  readonly direction: 'buy' | 'sell';
  readonly price: number;
  readonly amount: number;
  readonly filled_amount: number;
  readonly label: string;
}

interface UserTradeRow {
  readonly trade_id: string;
  readonly order_id: string;
  readonly direction: 'buy' | 'sell';
  readonly price: number;
  readonly amount: number;
  readonly fee: number;
  readonly fee_currency: string;
  readonly liquidity: 'M' | 'T';
}

/** A trade of one's own, as the ledger writes it. */
function fillOf({ trade_id, order_id, direction, price, amount, fee, fee_currency, liquidity }: UserTradeRow) {
  const numbers = { id: numberIn(trade_id), order: numberIn(order_id), price, amount };
  const takerOrMaker = liquidity === 'M' ? 'maker' : 'taker';
  return { ...numbers, side: direction, takerOrMaker, fee: { currency: fee_currency, cost: fee } };
}

describe.each(MARKETS)('deribit-v2-ws trades $symbol', ({ symbol, amount }) => {
  // The venue lets an account send 20 orders at once, and this client does not wait: each market has an account of its own.
  const name = `trader of ${symbol}`;
  let client: DeribitV2;
  let account: Account;
  let instrument_name: string;
  beforeAll(async () => {
    client = await signIn(await openAccount(sim, 'deribit', name));
    account = sim.accounts('deribit').get(name)!;
    instrument_name = venueSymbolOf(symbol);
  });

  const market = () => sim.oracle.market('deribit', symbol);
  const far = () => Number((market().grid.price(market().engine.bids.best!.price) * 0.97).toFixed(0));
  const place = (direction: 'buy' | 'sell', more: object) =>
    client.request<{ order: OrderRow; trades: UserTradeRow[] }>(`private/${direction}`, { instrument_name, amount, ...more });
  const stateOf = async (order_id: string) =>
    (await client.request<OrderRow>('private/get_order_state', { order_id })).result as OrderRow;
  /** The ledger's word on an order, in the venue's words. */
  const truth = (id: string) => {
    const { grid, listing } = market();
    const order = account.order({ symbol: listing.venueSymbol, id: numberIn(id) })!;
    const states = { open: 'open', 'partially-filled': 'open', filled: 'filled', canceled: 'cancelled', expired: 'cancelled' };
    const [size, filled] = [grid.size(order.size), grid.size(order.filled)];
    return { order_state: states[order.status], direction: order.side, amount: size, filled_amount: filled };
  };

  it('places, finds, changes and cancels a limit order, and hears of it', async () => {
    const heard = new Inbox<OrderRow>();
    await client.subscribe<OrderRow>('private', `user.orders.${instrument_name}.raw`, heard.push);
    const price = far();
    const { order } = (await place('buy', { type: 'limit', price, label: 'stranger' })).result!;
    const found = await stateOf(order.order_id);
    expect(found).toMatchObject({ ...truth(order.order_id), order_state: 'open', price, label: 'stranger' });
    await client.request('private/edit', { order_id: order.order_id, amount: amount * 2, price: price - 10 });
    const after = await stateOf(order.order_id);
    expect(after).toMatchObject({ ...truth(order.order_id), price: price - 10, amount: amount * 2 });
    const open = await client.request<OrderRow[]>('private/get_open_orders_by_instrument', { instrument_name });
    expect(open.result!.map(({ order_id }) => order_id)).toEqual([order.order_id]);
    await client.request('private/cancel', { order_id: order.order_id });
    expect(await stateOf(order.order_id)).toMatchObject({ ...truth(order.order_id), order_state: 'cancelled' });
    const told = await heard.until((rows) => rows.some(({ order_state }) => order_state === 'cancelled'));
    const mine = told.filter(({ order_id }) => order_id === order.order_id);
    expect(mine.map((row) => [row.order_state, row.price, row.amount])).toEqual([
      ['open', price, amount],
      ['open', price - 10, amount * 2],
      ['cancelled', price - 10, amount * 2],
    ]);
    expect(await client.request('private/cancel', { order_id: order.order_id })).toMatchObject({ error: { code: 11044 } });
  });

  it('trades at market: answers, the stream and the history are the ledger', async () => {
    const heard = new Inbox<UserTradeRow>();
    await client.subscribe<UserTradeRow[]>('private', `user.trades.${instrument_name}.raw`, (rows) => rows.forEach(heard.push));
    const answered: UserTradeRow[] = [];
    for (const side of ['buy', 'buy', 'sell'] as const) {
      const { order, trades } = (await place(side, { type: 'market' })).result!;
      expect(await stateOf(order.order_id)).toMatchObject(truth(order.order_id));
      answered.push(...trades);
    }
    const fills = ledgerFills(sim, symbol, name);
    expect(fills.length).toBeGreaterThanOrEqual(3);
    expect(answered.map(fillOf)).toEqual(fills);
    const told = await heard.until(({ length }) => length >= fills.length);
    expect(told.map(fillOf)).toEqual(fills);
    const asked = { instrument_name, count: 100, sorting: 'asc' };
    const history = await client.request<{ trades: UserTradeRow[] }>('private/get_user_trades_by_instrument', asked);
    expect(history.result!.trades.map(fillOf)).toEqual(fills);
  });

  it('reads the balance and the position that are the account’s', async () => {
    const settle = market().listing.settle!;
    const portfolio = new Inbox<{ currency: string; balance: number }>();
    await client.subscribe('private', `user.portfolio.${settle.toLowerCase()}`, portfolio.push);
    const [told] = await portfolio.until(({ length }) => length > 0);
    expect(told!.currency).toBe(settle);
    expect(told!.balance).toBeCloseTo(Number(account.balance(settle).total) / 1e8, 8);
    const asked = await client.request<{ size: number; average_price: number }>('private/get_position', { instrument_name });
    const held = account.findPosition(instrument_name, 'net')!;
    expect(asked.result!.size).toBe(market().grid.size(held.size));
    expect(asked.result!.average_price).toBeCloseTo(Number(held.entryPrice(8)) / 1e8, 6);
  });
});

it('deribit-v2-ws is not let in with a wrong secret', async () => {
  const client = await connect();
  const { apiKey } = sim.ready.venues['deribit']!.credentials!;
  await expect(client.authenticate(apiKey, 'wrong')).rejects.toThrow(TypeError);
  expect(() => client.request('private/get_open_orders', {})).toThrow('Not authenticated');
});
