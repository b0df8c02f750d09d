import assert from 'node:assert/strict';
import type { AccountDeclaration, FillEvent, OrderEvent, OrderStatus, PrivateEvent } from '@speed-protocol/core';
import { type FaultSpec, MONEY_SCALE } from '@speed-protocol/simulator';
import type { Bench, CheckRow } from '../check.js';
import { Trader } from '../trader.js';

const room = 'private streams';
const capability = 'private stream';
/** Longer than listen keys, tokens and the like live. */
const LONG_MS = 65 * 60_000;

/** A trader that listens to its account. */
interface Listening {
  readonly trader: Trader;
  readonly events: readonly PrivateEvent[];
  readonly subscription: AsyncDisposable;
}

/** What the account's stream tells, and that it comes back. */
export function privateRows({ positions }: AccountDeclaration): readonly CheckRow[] {
  return [
    row('an order is told from open to cancelled', tellsCancel),
    row('a market order and its fills are told, digit for digit as in the ledger', tellsFills),
    row("balances are told when they change, and end as the ledger's", tellsBalances),
    ...(positions ? [row("positions are told when they change, and end as the ledger's", tellsPositions)] : []),
    row('nothing is told after it is disposed; twice is the same as once', endsQuietly),
    row('tells and trades on when its key or login has grown old', outlastsLogin),
    ...BREAKS.map(([name, fault]) =>
      row(`comes back after ${name}, and says that it was away`, (listening) => comesBack(listening, fault)),
    ),
  ];
}

const BREAKS: readonly (readonly [name: string, fault: FaultSpec])[] = [
  ['a cut', { kind: 'cut' }],
  ['a clean close', { kind: 'close' }],
  ['a half-open connection', { kind: 'half-open' }],
  ['its key or session expires', { kind: 'key-expiry' }],
];

const row = (name: string, run: (listening: Listening) => Promise<void>): CheckRow => {
  return { room, name, capability, signedIn: true, run: async (bench: Bench) => run(await listen(bench)) };
};

async function listen(bench: Bench): Promise<Listening> {
  const trader = await Trader.open(bench);
  const events: PrivateEvent[] = [];
  const subscribing = trader.account.subscribe((event) => void events.push(event));
  const subscription = await bench.world.settled(subscribing, 'the private stream');
  return { trader, events, subscription };
}

const ordersOf = (events: readonly PrivateEvent[], id: string) =>
  events.filter((event): event is OrderEvent => event.type === 'order' && event.order.clientOrderId === id);

const hears = (events: readonly PrivateEvent[], id: string, status: OrderStatus) =>
  ordersOf(events, id).some(({ order }) => order.status === status);

async function tellsCancel({ trader, events }: Listening): Promise<void> {
  const { symbol, clientOrderId } = await trader.placed();
  await trader.world.until(() => hears(events, clientOrderId, 'OPEN'), 'the order to be told open', 10_000);
  await trader.world.settled(trader.trading.cancelOrder({ symbol, clientOrderId }), 'the cancel');
  await trader.world.until(() => hears(events, clientOrderId, 'CANCELED'), 'it to be told cancelled', 10_000);
  for (const { order, venueSymbol } of ordersOf(events, clientOrderId)) {
    assert.deepEqual([order.symbol, venueSymbol, order.venue], [symbol, trader.instrument.venueSymbol, trader.bench.venue]);
    assert.deepEqual([typeof order.venueOrderId, order.side], ['string', 'buy']);
    trader.assertRecent(order.updatedAt, 'updatedAt');
  }
}

async function tellsFills({ trader, events }: Listening): Promise<void> {
  const { clientOrderId, amount } = await trader.placed({ type: 'market' });
  await trader.world.until(() => hears(events, clientOrderId, 'FILLED'), 'it to be told filled', 10_000);
  const told = events.filter((event): event is FillEvent => event.type === 'fill').map(({ fill }) => fill);
  trader.assertFills(told, clientOrderId);
  const filled = ordersOf(events, clientOrderId).find(({ order }) => order.status === 'FILLED')!.order;
  assert.deepEqual([Number(filled.amount), Number(filled.filled)], [Number(amount), Number(amount)], 'the order as told filled');
  trader.assertAverage(filled);
}

async function tellsBalances({ trader, events }: Listening): Promise<void> {
  await trader.placed({ type: 'market' });
  const isTrue = (event: PrivateEvent) => {
    if (event.type !== 'balance') return false;
    const known = trader.truth.balances.find(({ asset }) => asset === event.balance.currency);
    return Math.abs(Number(event.balance.total) - Number(known?.total ?? 0) / 10 ** MONEY_SCALE) < 1e-8;
  };
  await trader.world.until(() => events.some(isTrue), 'a balance of the ledger to be told', 10_000);
}

async function tellsPositions({ trader, events }: Listening): Promise<void> {
  const { symbol, amount } = await trader.placed({ type: 'market', side: 'sell' });
  const isTrue = (event: PrivateEvent) =>
    event.type === 'position' && event.position.symbol === symbol && Number(event.position.amount) === -Number(amount);
  await trader.world.until(() => events.some(isTrue), 'the position of the ledger to be told', 10_000);
}

async function endsQuietly({ trader, events, subscription }: Listening): Promise<void> {
  const ending = () => trader.world.settled(subscription[Symbol.asyncDispose](), 'the stream to end');
  await ending();
  await ending();
  const count = events.filter(({ type }) => type !== 'stream').length;
  await trader.placed({ type: 'market' });
  await trader.world.pass(3_000);
  assert.equal(events.filter(({ type }) => type !== 'stream').length, count);
}

/** Nothing that expires in this time, and is renewed meanwhile, is seen from outside. */
async function outlastsLogin({ trader, events }: Listening): Promise<void> {
  const { world } = trader;
  await trader.placed();
  await world.passLong(LONG_MS);
  const states = events.flatMap((event) => (event.type === 'stream' ? [event.state] : []));
  const order = await trader.placed();
  await world.until(() => hears(events, order.clientOrderId, 'OPEN'), 'an order to be told', 10_000);
  assert.deepEqual(states, ['up'], 'the stream was away, though nothing went wrong');
}

async function comesBack({ trader, events }: Listening, fault: FaultSpec): Promise<void> {
  const { world, bench } = trader;
  await trader.placed();
  const states = () => events.flatMap((event) => (event.type === 'stream' ? [event.state] : []));
  const before = states().length;
  world.sim.faults.inject({ venue: bench.venue, ...fault });
  await world.until(() => states().slice(before).includes('down'), 'the stream to say that it is down');
  await world.until(() => states().at(-1) === 'up', 'the stream to say that it is up again');
  const order = await trader.placed();
  await world.until(() => hears(events, order.clientOrderId, 'OPEN'), 'orders to be told again', 20_000);
}
