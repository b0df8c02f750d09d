import assert from 'node:assert/strict';
import type { CommandOptions, NewOrder, OrderRef, TradingDeclaration } from '@speed-protocol/core';
import type { Bench, CheckRow } from '../check.js';
import { describe, Trader } from '../trader.js';

const room = 'trading';
/** More than any venue lists at once. */
const MANY = 120;
/** Of the market: far below it, and within the bands in which venues take prices. */
const LOW_SHARE = 0.21;
/** Below this a float64 prints with an exponent. */
const TINY = 1e-6;

const row = (name: string, run: (trader: Trader) => Promise<void>): CheckRow => {
  return { room, name, capability: 'orders', signedIn: true, run: async (bench: Bench) => run(await Trader.open(bench)) };
};

/** What single orders of a usual price do not show: names by the venue's own id, lists of many, prices of tiny coins. */
export function orderListRows({ orderSocket }: TradingDeclaration): readonly CheckRow[] {
  const routes: readonly NonNullable<CommandOptions['via']>[] = orderSocket ? ['rest', 'socket'] : ['rest'];
  return [
    ...routes.map((via) =>
      row(`${via}: an order is cancelled by the venue's own id, and no other`, (trader) => cancelsByVenueId(trader, { via })),
    ),
    row(`${MANY} open orders are listed, however long a page of the venue is`, listsMany),
    row('prices below a millionth go out and come back digit for digit', tinyPrice),
  ];
}

async function cancelsByVenueId(trader: Trader, options: CommandOptions): Promise<void> {
  const [stays, goes] = [await trader.placed({}, options), await trader.placed({}, options)];
  const { symbol, venueOrderId } = await trader.get(goes);
  const ref: OrderRef = { symbol, venueOrderId: venueOrderId! };
  const outcome = await trader.world.settled(trader.trading.cancelOrder(ref, options), 'the cancel');
  assert.equal(outcome.status, 'accepted', describe(outcome));
  await trader.assertStatus(goes, 'CANCELED');
  await trader.assertStatus(stays, 'OPEN');
}

async function listsMany(trader: Trader): Promise<void> {
  const { trading, world, instrument } = trader;
  const orders = Array.from({ length: MANY }, () => trader.request({ amount: trader.amount(1) }));
  const placing = Promise.all(orders.map((order) => trading.placeOrder(order)));
  for (const outcome of await world.settled(placing, 'the orders to be placed')) {
    assert.equal(outcome.status, 'accepted', describe(outcome));
  }
  const ids = orders.map(({ clientOrderId }) => clientOrderId).toSorted();
  for (const symbol of [instrument.symbol, undefined]) {
    const open = await world.settled(trading.openOrders(symbol), 'the open orders');
    assert.deepEqual(open.map(({ clientOrderId }) => clientOrderId).toSorted(), ids);
  }
}

/** Coins that cost less than a float64 writes without an exponent; not every venue lists one. */
async function tinyPrice({ bench, world }: Trader): Promise<void> {
  for (const { symbol } of world.listings.filter(({ price }) => price * LOW_SHARE < TINY)) {
    world.sim.oracle.market(bench.venue, symbol);
    await world.pass(5_000);
    const trader = await Trader.open(bench, symbol);
    const order: NewOrder = await trader.placed({ price: trader.restingPrice('buy', LOW_SHARE), amount: trader.amount(20) });
    assert.ok(Number(order.price) < TINY, `${order.price}`);
    const { price, amount } = await trader.assertStatus(order, 'OPEN');
    assert.deepEqual([Number(price), price?.includes('e'), Number(amount)], [Number(order.price), false, Number(order.amount)]);
  }
}
