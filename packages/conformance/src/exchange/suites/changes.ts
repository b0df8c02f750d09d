import assert from 'node:assert/strict';
import { type Amendment, type CommandOptions, type NewOrder, SpeedError, type TradingDeclaration } from '@speed-protocol/core';
import type { Bench, CheckRow } from '../check.js';
import { describe, Trader } from '../trader.js';

const room = 'trading';
type Route = NonNullable<CommandOptions['via']>;

const row = (name: string, capability: string, run: (trader: Trader) => Promise<void>): CheckRow => {
  return { room, name, capability, signedIn: true, run: async (bench: Bench) => run(await Trader.open(bench)) };
};

/** Amending, batches and the dead man's switch, as declared; what is not declared does not exist. */
export function changeRows(trading: TradingDeclaration): readonly CheckRow[] {
  const { amend = [], batch, deadMansSwitch, orderSocket } = trading;
  const routes: readonly Route[] = orderSocket ? ['rest', 'socket'] : ['rest'];
  return [
    ...routes.flatMap((via) => amendRows(amend, via)),
    ...(batch ? batchRows(batch) : []),
    ...(deadMansSwitch ? DEAD_MANS_SWITCH : []),
    row('methods are there exactly where they are declared', 'orders', async ({ trading }) => {
      assert.deepEqual(
        [typeof trading.amendOrder, typeof trading.placeOrders, typeof trading.cancelAllAfter].map((type) => type === 'function'),
        [amend.length > 0, batch !== undefined, deadMansSwitch],
      );
    }),
  ];
}

type Amendments = NonNullable<TradingDeclaration['amend']>;

function amendRows(amend: Amendments, via: Route): readonly CheckRow[] {
  const [price, amount] = [amend.includes('price'), amend.includes('amount')];
  const named = (name: string, capability: string, run: (trader: Trader) => Promise<void>) =>
    row(`${via}: ${name}`, capability, run);
  return [
    ...(price ? [named('amends the price', 'amend price', (trader) => amendsPrice(trader, via))] : []),
    ...(amount ? [named('amends the amount upwards', 'amend amount', (trader) => amendsAmount(trader, via, 2))] : []),
    ...(amend.length > 1 || amend.includes('amount-down')
      ? [named('amends the amount downwards', 'amend amount', (trader) => amendsAmount(trader, via, 0.5))]
      : []),
    ...(price && amount ? [named('amends price and amount at once', 'amend', (trader) => amendsBoth(trader, via))] : []),
    ...(amend.length > 0
      ? [named('an amendment of an unknown order is refused', 'amend', (trader) => amendsUnknown(trader, via, price))]
      : []),
  ];
}

async function amended(trader: Trader, via: Route, { symbol, clientOrderId }: NewOrder, change: Amendment) {
  const amending = trader.trading.amendOrder?.({ symbol, clientOrderId }, change, { via });
  assert.ok(amending);
  return trader.world.settled(amending, 'the amendment');
}

async function amendsPrice(trader: Trader, via: Route): Promise<void> {
  const order = await trader.placed({}, { via });
  const price = trader.restingPrice('buy', 0.96);
  const outcome = await amended(trader, via, order, { price });
  assert.equal(outcome.status, 'accepted', describe(outcome));
  const found = await trader.assertStatus(order, 'OPEN');
  assert.equal(Number(found.price), Number(price));
}

async function amendsAmount(trader: Trader, via: Route, factor: number): Promise<void> {
  const order = await trader.placed({}, { via });
  const amount = trader.lots(Math.round(trader.amountInLots() * factor));
  const outcome = await amended(trader, via, order, { amount });
  assert.equal(outcome.status, 'accepted', describe(outcome));
  const found = await trader.get(order);
  assert.deepEqual([found.status, Number(found.amount), Number(found.price)], ['OPEN', Number(amount), Number(order.price)]);
}

async function amendsBoth(trader: Trader, via: Route): Promise<void> {
  const order = await trader.placed({}, { via });
  const [price, amount] = [trader.restingPrice('buy', 0.96), trader.lots(2 * trader.amountInLots())];
  const outcome = await amended(trader, via, order, { price, amount });
  assert.equal(outcome.status, 'accepted', describe(outcome));
  const found = await trader.get(order);
  assert.deepEqual([found.status, Number(found.price), Number(found.amount)], ['OPEN', Number(price), Number(amount)]);
}

async function amendsUnknown(trader: Trader, via: Route, withPrice: boolean): Promise<void> {
  const order = trader.request();
  const { price, amount } = order;
  const outcome = await amended(trader, via, order, { amount, ...(withPrice && { price }) });
  assert.ok(outcome.status === 'rejected' && outcome.reason.kind === 'not-found', describe(outcome));
}

function batchRows({ place, cancel }: NonNullable<TradingDeclaration['batch']>): readonly CheckRow[] {
  return [
    row(`places ${place} orders at once, one outcome each, in order`, 'batch', (trader) => placesBatch(trader, place)),
    row('one bad order of a batch is refused alone', 'batch', (trader) => refusesOne(trader, place)),
    row(`cancels ${Math.min(place, cancel)} orders at once`, 'batch', (trader) => cancelsBatch(trader, Math.min(place, cancel))),
  ];
}

async function placeMany(trader: Trader, orders: ReturnType<Trader['request']>[]) {
  const placing = trader.trading.placeOrders?.(orders);
  assert.ok(placing);
  return trader.world.settled(placing, 'the batch');
}

async function placesBatch(trader: Trader, size: number): Promise<void> {
  const orders = Array.from({ length: size }, () => trader.request());
  const outcomes = await placeMany(trader, orders);
  assert.deepEqual(
    outcomes.map(describe),
    orders.map(() => 'accepted'),
  );
  for (const [at, order] of orders.entries()) {
    const { venueOrderId } = await trader.assertStatus(order, 'OPEN');
    const outcome = outcomes[at]!;
    if (outcome.status === 'accepted' && outcome.venueOrderId !== null) assert.equal(outcome.venueOrderId, venueOrderId);
  }
}

async function refusesOne(trader: Trader, size: number): Promise<void> {
  const orders = Array.from({ length: Math.min(3, size) }, (_, i) =>
    trader.request(i === 1 ? { price: trader.crossingPrice('buy'), timeInForce: 'POST_ONLY' } : {}),
  );
  const outcomes = await placeMany(trader, orders);
  assert.deepEqual([outcomes[0]?.status, outcomes[2]?.status], ['accepted', 'accepted']);
  assert.deepEqual(trader.fillsOf(orders[1]?.clientOrderId as string), []);
}

async function cancelsBatch(trader: Trader, size: number): Promise<void> {
  const orders = Array.from({ length: size }, () => trader.request());
  await placeMany(trader, orders);
  const cancelling = trader.trading.cancelOrders?.(orders.map(({ symbol, clientOrderId }) => ({ symbol, clientOrderId })));
  assert.ok(cancelling);
  const outcomes = await trader.world.settled(cancelling, 'the batch');
  assert.deepEqual(
    outcomes.map(describe),
    orders.map(() => 'accepted'),
  );
  for (const order of orders) await trader.assertStatus(order, 'CANCELED');
}

const DEAD_MANS_SWITCH: readonly CheckRow[] = [
  row("the dead man's switch cancels when nobody renews it", "dead man's switch", async (trader) => {
    const order = await trader.placed();
    await armed(trader, 5_000);
    await trader.world.pass(20_000);
    await trader.assertStatus(order, 'CANCELED');
  }),
  row('renewed, it waits; disarmed, it never strikes', "dead man's switch", async (trader) => {
    const order = await trader.placed();
    for (let i = 0; i < 3; i++) {
      await armed(trader, 10_000);
      await trader.world.pass(6_000);
    }
    await armed(trader, 0);
    await trader.world.pass(30_000);
    await trader.assertStatus(order, 'OPEN');
  }),
];

async function armed({ trading, world, instrument }: Trader, ms: number): Promise<void> {
  const arming = trading.cancelAllAfter?.(instrument.symbol, ms);
  assert.ok(arming);
  await world.settled(arming, 'the switch').catch((error: unknown) => {
    if (!SpeedError.is(error)) throw error;
    throw new Error(`arming for ${ms} ms: ${error.message}`, { cause: error });
  });
}
