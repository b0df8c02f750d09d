import {
  type Account,
  formatUnits,
  type LedgerEntry,
  Random,
  type RunningSimulator,
  startSimulator,
} from '@speed-protocol/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { SimTrader, TRADED, TRADED_VENUES, type TradedVenue } from '../../../test/sim-trader.js';
import type { StreamClient } from '../../../test/stream-client.js';
import dialect from '../index.js';
import { statusOf } from './order-text.js';

const SEED = Number(process.env['SPEED_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`SPEED_SEED=${SEED}`);
const START = Date.UTC(2026, 10, 20, 7, 59);
const STEPS = 60;
type Json = Record<string, unknown>;

let sim: RunningSimulator;
afterEach(() => sim.close());

/** Orders at random around the market: some rest, some fill at once, some in parts; some are canceled. */
async function trade(trader: SimTrader, client: StreamClient): Promise<void> {
  const random = new Random(SEED, trader.venue);
  const { symbol, size } = TRADED[trader.venue];
  for (let i = 0; i < STEPS; i++) {
    const { bids, asks } = sim.oracle.book(trader.venue, symbol);
    const side = random.pick(['BUY', 'SELL'] as const);
    const [near] = (side === 'BUY' ? bids : asks)[random.integer(0, 2)]!;
    const decimals = TRADED[trader.venue].resting.split('.')[1]!.length;
    const limit = { type: 'LIMIT', timeInForce: random.pick(['GTC', 'GTC', 'IOC', 'FOK']), price: near.toFixed(decimals) };
    const order = { symbol, side, quantity: size, newClientOrderId: `o-${i}` };
    await trader.ask('POST', '/order', random.chance(0.3) ? { ...order, type: 'MARKET' } : { ...order, ...limit });
    sim.clock.advance(random.integer(1, 3000));
    if (random.chance(0.3)) await trader.ask('DELETE', '/order', { symbol, origClientOrderId: `o-${i}` });
    await client.settle();
  }
}

async function listen(trader: SimTrader): Promise<StreamClient> {
  if (trader.venue === 'binance') {
    const client = await trader.openSocketApi();
    await client.request('userDataStream.subscribe.signature', trader.signedParams({}));
    return client;
  }
  const key = await trader.listenKey();
  return trader.open(trader.venue === 'binanceusdm' ? `/private/ws?listenKey=${key}` : `/ws/${key}`);
}

/** What somebody knows who has only listened. */
interface Told {
  readonly orders: Map<string, readonly [status: string, filled: number]>;
  readonly fills: (readonly [id: string, orderId: string, price: number, size: number, fee: number])[];
  readonly balances: Map<string, number>;
  readonly positions: Map<string, number>;
}

function rows(list: unknown): readonly Json[] {
  return Array.isArray(list) ? list : [];
}

/** Of amounts with eight decimals, without the noise of float64. */
function sum(...amounts: readonly unknown[]): number {
  return Math.round(amounts.reduce<number>((total, amount) => total + Number(amount) * 1e8, 0)) / 1e8;
}

function fold(events: readonly Json[]): Told {
  const told: Told = { orders: new Map(), fills: [], balances: new Map(), positions: new Map() };
  for (const event of events) {
    const report = (event['e'] === 'ORDER_TRADE_UPDATE' ? event['o'] : event) as Json;
    if (report['x'] !== undefined) told.orders.set(String(report['i']), [report['X'] as string, Number(report['z'])]);
    if (report['x'] === 'TRADE') {
      const { t, i, L, l, n } = report;
      told.fills.push([String(t), String(i), Number(L), Number(l), Number(n)]);
    }
    for (const { a, f, l } of rows(event['B'])) told.balances.set(a as string, sum(f, l));
    const update = event['a'] as Json | undefined;
    for (const { a, wb } of rows(update?.['B'])) told.balances.set(a as string, Number(wb));
    for (const { s, pa } of rows(update?.['P'])) told.positions.set(s as string, Number(pa));
  }
  return told;
}

/** The same, from the account and its ledger. */
function truth(venue: TradedVenue, account: Account, entries: readonly LedgerEntry[]): Told {
  const { grid } = sim.oracle.market(venue, TRADED[venue].symbol);
  const moved = new Set(entries.flatMap((entry) => (entry.kind === 'balance' && entry.cause !== 'deposit' ? [entry.asset] : [])));
  return {
    orders: new Map(account.orders.map((order) => [String(order.id), [statusOf(order), grid.size(order.filled)]])),
    fills: entries.flatMap((entry) =>
      entry.kind === 'fill'
        ? [
            [
              String(entry.tradeId),
              String(entry.orderId),
              grid.price(entry.price),
              grid.size(entry.size),
              Number(entry.fee) / 1e8,
            ],
          ]
        : [],
    ),
    balances: new Map([...moved].map((asset) => [asset, Number(formatUnits(account.balance(asset).total, 8))])),
    positions: new Map(account.positions.map(({ terms, size }) => [terms.symbol, Math.sign(size) * grid.size(Math.abs(size))])),
  };
}

describe.each(TRADED_VENUES)(`an account of %s, seed ${SEED}`, (venue) => {
  it('is what its stream has told, to the last digit', { timeout: 300_000 }, async () => {
    sim = await startSimulator({ dialects: [dialect], venues: [venue], seed: SEED, clock: START });
    const trader = new SimTrader(sim, venue);
    const client = await listen(trader);
    await trade(trader, client);
    const events = client.messages.map((message) => (message['event'] ?? message) as Json);
    const accounts = sim.accounts(venue);
    const expected = truth(venue, accounts.get('default')!, accounts.ledger.entries);
    expect(fold(events)).toEqual(expected);
    expect(new Set([...expected.orders.values()].map(([status]) => status)).size).toBeGreaterThan(2);
    expect(expected.fills.length).toBeGreaterThan(10);
    trader.close();
  });
});
