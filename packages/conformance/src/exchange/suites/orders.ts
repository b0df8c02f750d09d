import assert from 'node:assert/strict';
import type { CommandOptions, OrderSide, TimeInForce, TradingDeclaration } from '@speed-protocol/core';
import type { Bench, CheckRow } from '../check.js';
import { describe, Trader } from '../trader.js';

const room = 'trading';
type Route = NonNullable<CommandOptions['via']>;

/** Placing, asking, cancelling, over every route and with every time in force that is declared. */
export function orderRows(trading: TradingDeclaration): readonly CheckRow[] {
  const routes: readonly Route[] = trading.orderSocket ? ['rest', 'socket'] : ['rest'];
  return [
    ...routes.flatMap(routeRows),
    ...routes.flatMap((via) => trading.timeInForce.flatMap((each) => TIME_IN_FORCE[each](via))),
    row('several open orders are listed, of one symbol and of all', listed),
    row('cancel all ends what is open in one symbol, and nothing else', cancelsAll),
    row('an order that is filled in parts says so, and its rest can be cancelled', partlyFilled),
    row('a market order fills by its amount on every kind of instrument', everyKind),
    row('numbers that a float64 cannot hold go out and come back digit for digit', exactNumbers),
    ...(trading.reduceOnly ? routes.flatMap(reduceOnlyRows) : []),
  ];
}

const row = (name: string, run: (trader: Trader) => Promise<void>, capability = 'orders'): CheckRow => {
  return { room, name, capability, signedIn: true, run: async (bench: Bench) => run(await Trader.open(bench)) };
};

function routeRows(via: Route): readonly CheckRow[] {
  const capability = `orders over ${via === 'rest' ? 'REST' : 'the order socket'}`;
  const over = (name: string, run: (trader: Trader) => Promise<void>) => row(`${via}: ${name}`, run, capability);
  const sides: readonly OrderSide[] = ['buy', 'sell'];
  return [
    ...sides.map((side) => over(`a limit order to ${side} rests as placed`, (trader) => rests(trader, side, via))),
    ...sides.map((side) =>
      over(`a market order to ${side} fills, and its fills are the ledger's`, (trader) => fills(trader, side, via)),
    ),
    over('a resting order is cancelled', (trader) => cancels(trader, via)),
    over("a limit order through the touch fills at the book's prices or better", (trader) => takes(trader, via)),
  ];
}

async function rests(trader: Trader, side: OrderSide, via: Route): Promise<void> {
  const order = await trader.placed({ side, price: trader.restingPrice(side) }, { via });
  const { price, filled, averagePrice, venueOrderId } = await trader.assertStatus(order, 'OPEN');
  assert.deepEqual([Number(price), Number(filled), averagePrice, typeof venueOrderId], [Number(order.price), 0, null, 'string']);
  assert.equal(trader.order(order.clientOrderId)?.status, 'open');
  assert.equal(trader.order(order.clientOrderId)?.side, side);
}

async function fills(trader: Trader, side: OrderSide, via: Route): Promise<void> {
  const order = await trader.placed({ side, type: 'market' }, { via });
  const { filled, averagePrice, venueOrderId } = await trader.assertStatus(order, 'FILLED');
  assert.equal(Number(filled), Number(order.amount));
  assert.ok(Number(averagePrice) > 0);
  const told = await trader.world.settled(trader.trading.fills(order.symbol, { venueOrderId }), 'the fills');
  trader.assertFills(told, order.clientOrderId);
  for (const fill of told) assert.equal(fill.venueOrderId, venueOrderId, 'the order of a fill');
}

async function cancels(trader: Trader, via: Route): Promise<void> {
  const order = await trader.placed({}, { via });
  const { symbol, clientOrderId } = order;
  const outcome = await trader.world.settled(trader.trading.cancelOrder({ symbol, clientOrderId }, { via }), 'the cancel');
  assert.equal(outcome.status, 'accepted', describe(outcome));
  await trader.assertStatus(order, 'CANCELED');
  assert.equal(trader.order(clientOrderId)?.status, 'canceled');
}

async function takes(trader: Trader, via: Route): Promise<void> {
  const order = await trader.placed({ price: trader.crossingPrice('buy') }, { via });
  const { averagePrice } = await trader.assertStatus(order, 'FILLED');
  assert.ok(Number(averagePrice) <= Number(order.price), `paid ${averagePrice}, the limit was ${order.price}`);
}

async function listed(trader: Trader): Promise<void> {
  const orders = [await trader.placed(), await trader.placed(), await trader.placed()];
  const ids = orders.map(({ clientOrderId }) => clientOrderId).toSorted();
  for (const symbol of [trader.instrument.symbol, undefined]) {
    const open = await trader.world.settled(trader.trading.openOrders(symbol), 'the open orders');
    assert.deepEqual(open.map(({ clientOrderId }) => clientOrderId).toSorted(), ids);
    for (const order of open) assert.deepEqual([order.status, order.symbol], ['OPEN', trader.instrument.symbol]);
  }
}

async function cancelsAll(trader: Trader): Promise<void> {
  const other = await Trader.open(trader.bench, trader.world.symbols[1] as string);
  const [one, two, stays] = [await trader.placed(), await trader.placed(), await other.placed()];
  const outcome = await trader.world.settled(trader.trading.cancelAllOrders(one.symbol), 'cancel all');
  assert.equal(outcome.status, 'accepted', describe(outcome));
  for (const order of [one, two]) await trader.assertStatus(order, 'CANCELED');
  await other.assertStatus(stays, 'OPEN');
}

async function partlyFilled(trader: Trader): Promise<void> {
  // Three levels are three fills at least: what is filled is all of them.
  const { asks } = trader.world.sim.oracle.book(trader.bench.venue, trader.instrument.symbol);
  const levels = asks.slice(0, 3);
  const offered = levels.reduce((sum, [, size]) => sum + size, 0);
  assert.ok(offered > 0);
  const lots = Math.ceil(offered / Number(trader.instrument.lotSize)) + 40;
  const order = await trader.placed({ price: trader.onTick(levels.at(-1)![0]), amount: trader.lots(lots) });
  const before = trader.filledOf(order.clientOrderId);
  const { status, filled } = await trader.get(order);
  // Others may trade with it while the question is on its way.
  const after = trader.filledOf(order.clientOrderId);
  const told = Number(filled);
  assert.ok(
    before > 0 && told >= before * (1 - 1e-9) && told <= after * (1 + 1e-9),
    `filled ${filled}, in truth ${before} to ${after}`,
  );
  assert.equal(status, told < Number(order.amount) ? 'PARTIALLY_FILLED' : 'FILLED');
  if (status === 'FILLED') return;
  const { symbol, clientOrderId } = order;
  await trader.world.settled(trader.trading.cancelOrder({ symbol, clientOrderId }), 'the cancel');
  const ended = await trader.get(order);
  assert.ok(['CANCELED', 'FILLED'].includes(ended.status), ended.status);
  assert.ok(Number(ended.filled) >= Number(filled));
}

async function exactNumbers(trader: Trader): Promise<void> {
  const order = await trader.placed({ amount: trader.lots(1 + 4 * Number(trader.amountInLots())) });
  const { price, amount } = await trader.get(order);
  assert.deepEqual([canonical(amount), canonical(price as string)], [canonical(order.amount), canonical(order.price as string)]);
}

/** Amounts mean base units on one and contracts on another, and venues that take quote units have to be told. */
async function everyKind({ bench, world }: Trader): Promise<void> {
  const all = await world.settled(bench.connector.reference.instruments(), 'the instruments');
  const open = all.filter(({ status, kind }) => status === 'open' && kind !== 'option');
  const byKind = new Map(open.toReversed().map((each) => [`${each.kind} ${each.inverse}`, each.symbol]));
  for (const symbol of byKind.values()) {
    world.sim.oracle.market(bench.venue, symbol);
    await world.pass(5_000);
    const trader = await Trader.open(bench, symbol);
    const order = await trader.placed({ type: 'market' });
    const { filled, venueOrderId } = await trader.assertStatus(order, 'FILLED');
    assert.equal(Number(filled), Number(order.amount), symbol);
    const told = await world.settled(trader.trading.fills(symbol, { venueOrderId }), 'the fills');
    trader.assertFills(told, order.clientOrderId);
  }
}

/** Without zeros that mean nothing. */
function canonical(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

const TIME_IN_FORCE: Readonly<Record<TimeInForce, (via: Route) => readonly CheckRow[]>> = {
  GTC: timeRows('GTC', { stays: (trader, via) => stays(trader, via, 'GTC') }),
  IOC: timeRows('IOC', {
    'that meets nothing ends unfilled': (trader, via) => endsUnfilled(trader, via, 'IOC'),
    'that meets somebody fills': (trader, via) => fillsAtOnce(trader, via, 'IOC'),
  }),
  FOK: timeRows('FOK', {
    'that cannot be filled whole ends unfilled': (trader, via) => endsUnfilled(trader, via, 'FOK'),
    'that can be filled whole fills': (trader, via) => fillsAtOnce(trader, via, 'FOK'),
  }),
  POST_ONLY: timeRows('POST_ONLY', {
    'rests away from the touch': (trader, via) => stays(trader, via, 'POST_ONLY'),
    'never takes': neverTakes,
  }),
};

/** Each way writes an order in a text of its own. */
function timeRows(time: TimeInForce, checks: Readonly<Record<string, (trader: Trader, via: Route) => Promise<void>>>) {
  return (via: Route): readonly CheckRow[] =>
    Object.entries(checks).map(([what, run]) =>
      row(`${via}: ${time} ${what}`, (trader) => run(trader, via), `time in force ${time}`),
    );
}

async function stays(trader: Trader, via: Route, timeInForce: TimeInForce): Promise<void> {
  const order = await trader.placed({ timeInForce }, { via });
  await trader.world.pass(5_000);
  const found = await trader.assertStatus(order, 'OPEN');
  assert.equal(found.timeInForce, timeInForce);
}

async function endsUnfilled(trader: Trader, via: Route, timeInForce: TimeInForce): Promise<void> {
  const order = trader.request({ timeInForce });
  const outcome = await trader.place(order, { via });
  if (outcome.status === 'accepted') await trader.assertStatus(order, 'EXPIRED', 'CANCELED', 'REJECTED');
  else assert.equal(outcome.status, 'rejected', describe(outcome));
  assert.deepEqual(trader.fillsOf(order.clientOrderId), []);
}

async function fillsAtOnce(trader: Trader, via: Route, timeInForce: TimeInForce): Promise<void> {
  const order = await trader.placed({ timeInForce, price: trader.crossingPrice('buy') }, { via });
  await trader.assertStatus(order, 'FILLED');
}

async function neverTakes(trader: Trader, via: Route): Promise<void> {
  const order = trader.request({ timeInForce: 'POST_ONLY', price: trader.crossingPrice('buy') });
  const outcome = await trader.place(order, { via });
  // Refused at once, or taken and ended: both are in use. What it may not do is trade.
  if (outcome.status === 'accepted') await trader.assertStatus(order, 'EXPIRED', 'CANCELED', 'REJECTED');
  else assert.equal(outcome.status, 'rejected', describe(outcome));
  assert.deepEqual(trader.fillsOf(order.clientOrderId), []);
}

const reduceOnlyRows = (via: Route): readonly CheckRow[] => [
  row(`${via}: reduce-only without a position does nothing`, (trader) => reducesNothing(trader, via), 'reduce only'),
  row(`${via}: reduce-only closes a position and never turns it`, (trader) => closes(trader, via), 'reduce only'),
];

async function reducesNothing(trader: Trader, via: Route): Promise<void> {
  const order = trader.request({ side: 'sell', type: 'market', reduceOnly: true });
  const outcome = await trader.place(order, { via });
  assert.notEqual(outcome.status, 'unknown', describe(outcome));
  assert.deepEqual(trader.fillsOf(order.clientOrderId), []);
}

async function closes(trader: Trader, via: Route): Promise<void> {
  const opened = await trader.placed({ type: 'market' }, { via });
  const closing = await trader.placed({ side: 'sell', type: 'market', amount: opened.amount, reduceOnly: true }, { via });
  const { venueOrderId } = await trader.assertStatus(closing, 'FILLED');
  const told = await trader.world.settled(trader.trading.fills(closing.symbol, { venueOrderId }), 'the fills');
  trader.assertFills(told, closing.clientOrderId);
  const { venueSymbol } = trader.instrument;
  assert.equal(trader.truth.findPosition(venueSymbol, 'net')?.size ?? 0, 0);
}
