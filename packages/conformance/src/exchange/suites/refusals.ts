import assert from 'node:assert/strict';
import { type Decimal, decimal, type ErrorKind, type NewOrder, SpeedError } from '@speed-protocol/core';
import { Bench, type CheckRow } from '../check.js';
import { describe, Trader } from '../trader.js';

const rejected = (name: string, kinds: readonly ErrorKind[], change: (trader: Trader) => Partial<NewOrder>): CheckRow => ({
  room: 'errors',
  name: `an order with ${name} is rejected as ${kinds.join(' or ')}, and nothing of it stays`,
  signedIn: true,
  async run(bench) {
    const trader = await Trader.open(bench);
    const order = trader.request(change(trader));
    const outcome = await trader.place(order);
    assert.ok(outcome.status === 'rejected' && kinds.includes(outcome.reason.kind), describe(outcome));
    assert.ok(outcome.reason.outcomeKnown, 'a rejection is proof');
    assert.equal(trader.count(order.clientOrderId), 0);
  },
});

/** What the venue refuses, and in which kind of error each refusal ends. */
export const REFUSALS: readonly CheckRow[] = [
  {
    room: 'errors',
    name: 'an order that the account cannot pay is rejected as insufficient-funds, and nothing of it stays',
    async run({ world, venue, symbol, connector }) {
      const { settle, quote } = await world.settled(connector.reference.instrument(symbol), 'the instrument');
      const poor = world.sim.accounts(venue).open('poor', { [settle ?? quote]: '0.00000001' });
      const trader = await Trader.open(new Bench(world, world.connect({ ...poor.credentials })));
      const outcome = await trader.place(trader.request());
      assert.ok(outcome.status === 'rejected' && outcome.reason.kind === 'insufficient-funds', describe(outcome));
      assert.deepEqual(poor.orders, []);
    },
  },
  rejected('a price off the grid', ['invalid-request', 'rejected'], (trader) => ({ price: offGrid(trader.restingPrice()) })),
  rejected('an amount off the grid', ['invalid-request', 'rejected'], (trader) => ({ amount: offGrid(trader.amount()) })),
  {
    room: 'errors',
    name: 'a cancel of an order that never was is rejected as not-found',
    signedIn: true,
    async run(bench) {
      const trader = await Trader.open(bench);
      const { symbol, clientOrderId } = trader.request();
      const outcome = await trader.world.settled(trader.trading.cancelOrder({ symbol, clientOrderId }), 'the cancel');
      assert.ok(outcome.status === 'rejected' && outcome.reason.kind === 'not-found', describe(outcome));
    },
  },
  {
    room: 'errors',
    name: 'an order that never was is null, not an error',
    signedIn: true,
    async run(bench) {
      const trader = await Trader.open(bench);
      const { symbol, clientOrderId } = trader.request();
      assert.equal(await trader.world.settled(trader.trading.getOrder({ symbol, clientOrderId }), 'the question'), null);
    },
  },
  {
    room: 'errors',
    name: 'an order on an unknown symbol throws unsent, naming the nearest',
    signedIn: true,
    async run(bench) {
      const trader = await Trader.open(bench);
      const order = trader.request({ symbol: `${bench.symbol}X` });
      const error = await bench.world.failure(trader.trading.placeOrder(order), 'an unknown symbol');
      assert.ok(SpeedError.is(error, 'not-found') || SpeedError.is(error, 'invalid-request'), String(error));
      assert.match(error.message, new RegExp(`"${bench.symbol}"`));
    },
  },
  {
    room: 'errors',
    name: 'a wrong secret is unauthorized, and no order stays',
    async run(bench) {
      const { world } = bench;
      const connector = world.connect({ ...world.credentials, secret: 'x'.repeat(64) });
      const trader = await Trader.open(new Bench(world, connector));
      const order = trader.request();
      const outcome = await trader.place(order);
      assert.ok(outcome.status === 'rejected' && outcome.reason.kind === 'unauthorized', describe(outcome));
      assert.equal(trader.count(order.clientOrderId), 0);
    },
  },
  {
    room: 'errors',
    name: 'without credentials trading refuses and says where to put them',
    async run(bench) {
      const trader = await Trader.open(bench);
      const error = await bench.world.failure(trader.trading.openOrders(), 'a question without credentials');
      assert.ok(SpeedError.is(error, 'unauthorized'), String(error));
      assert.match(error.message, /apiKey/);
    },
  },
];

/** Finer than any grid of these venues. */
function offGrid(value: Decimal): Decimal {
  return decimal(value.includes('.') ? `${value}0001` : `${value}.0001`);
}
