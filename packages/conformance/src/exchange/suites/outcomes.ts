import assert from 'node:assert/strict';
import type { CommandOptions, CommandOutcome, NewOrder, TradingDeclaration } from '@speed-protocol/core';
import type { FaultSpec } from '@speed-protocol/simulator';
import type { Bench, CheckRow } from '../check.js';
import { describe, Trader } from '../trader.js';

const room = 'outcome policy';
type Route = NonNullable<CommandOptions['via']>;

const LATE = 'late orders refused';
/** Longer than anybody waits for an answer, shorter than a signature is good for. */
const LATE_MS = 20_000;

/** The venue takes the order; what goes wrong is what it says of it. */
const FAULTS: readonly (readonly [name: string, fault: FaultSpec])[] = [
  ['the answer is lost', { kind: 'ack-lose', action: 'place' }],
  ['the answer is a 502', { kind: 'execute-502', action: 'place' }],
  ['the answer comes an hour late', { kind: 'late-ack', action: 'place', delayMs: 3_600_000 }],
];

/** An outcome is stated only when it is known; nothing is ever sent twice. */
export function outcomeRows({ orderSocket, refusesLate }: TradingDeclaration): readonly CheckRow[] {
  const routes: readonly Route[] = orderSocket ? ['rest', 'socket'] : ['rest'];
  return routes.flatMap((via) => [
    ...FAULTS.map(([name, fault]) =>
      row(via, `when ${name} the outcome is unknown, and asking finds the one order`, (trader) => ambiguous(trader, via, fault)),
    ),
    row(via, 'when the connection is gone before sending, nothing is sent and nothing is claimed', (trader) =>
      unsent(trader, via),
    ),
    refusesLate
      ? row(via, 'an order that comes late is refused, and nothing of it stays', (trader) => comesLate(trader, via, false), LATE)
      : row(via, 'an order that comes late is carried out, as nothing else is declared', (trader) =>
          comesLate(trader, via, true),
        ),
    row(via, 'an answer that comes twice is one answer', (trader) => answeredTwice(trader, via)),
    row(via, 'a cancel whose answer is lost is unknown, and asking tells', (trader) => ambiguousCancel(trader, via)),
  ]);
}

const row = (via: Route, name: string, run: (trader: Trader) => Promise<void>, capability?: string): CheckRow => ({
  ...{ room, name: `${via}: ${name}`, signedIn: true, run: async (bench: Bench) => run(await Trader.open(bench)) },
  ...(capability !== undefined && { capability }),
});

/** The connection is there and used: what fails afterwards is the order, not the way to it. */
async function warm(trader: Trader, via: Route): Promise<void> {
  await trader.placed({}, { via });
}

async function ambiguous(trader: Trader, via: Route, fault: FaultSpec): Promise<void> {
  await warm(trader, via);
  trader.world.sim.faults.inject({ venue: trader.bench.venue, ...fault, count: 1 });
  const order = trader.request();
  const outcome = await trader.place(order, { via });
  assert.equal(outcome.status, 'unknown', describe(outcome));
  await trader.world.pass(2_000);
  assert.equal(trader.count(order.clientOrderId), 1, 'orders with this id at the venue');
  await trader.assertStatus(order, 'OPEN');
}

async function unsent(trader: Trader, via: Route): Promise<void> {
  const { world, bench } = trader;
  await warm(trader, via);
  world.sim.faults.inject({ kind: 'http', status: 503, venue: bench.venue, durationMs: 20_000 });
  world.sim.faults.inject({ kind: 'cut', venue: bench.venue });
  const order = trader.request();
  const outcome = await settledOutcome(trader, order, via);
  assert.notEqual(outcome.status, 'accepted', describe(outcome));
  await world.pass(30_000);
  assert.equal(trader.count(order.clientOrderId), 0, 'sent later, when nobody asked for it any more');
}

/** What it throws unsent counts as a refusal. */
async function settledOutcome(trader: Trader, order: NewOrder, via: Route): Promise<CommandOutcome> {
  try {
    return await trader.place(order, { via });
  } catch (error) {
    return { status: 'rejected', reason: error as never };
  }
}

/** Whoever placed it waits no longer and has been told that nobody knows: may it still be carried out? */
async function comesLate(trader: Trader, via: Route, isTaken: boolean): Promise<void> {
  const { world, bench } = trader;
  await warm(trader, via);
  const order = trader.request();
  const delay = { venue: bench.venue, delayMs: LATE_MS, count: 1 };
  if (via === 'rest') world.sim.faults.inject({ kind: 'slow', target: 'rest', ...delay });
  else world.sim.faults.inject({ kind: 'late', topic: order.clientOrderId, ...delay });
  const outcome = await trader.place(order, { via });
  assert.equal(outcome.status, 'unknown', describe(outcome));
  await world.pass(2 * LATE_MS);
  assert.equal(trader.count(order.clientOrderId), isTaken ? 1 : 0, `orders that the venue took ${LATE_MS} ms late`);
}

async function answeredTwice(trader: Trader, via: Route): Promise<void> {
  await warm(trader, via);
  if (via === 'socket') trader.world.sim.faults.inject({ venue: trader.bench.venue, kind: 'duplicate-ack', count: 1 });
  const [one, two] = [await trader.placed({}, { via }), await trader.placed({}, { via })];
  for (const order of [one, two]) await trader.assertStatus(order, 'OPEN');
}

async function ambiguousCancel(trader: Trader, via: Route): Promise<void> {
  const order = await trader.placed({}, { via });
  trader.world.sim.faults.inject({ venue: trader.bench.venue, kind: 'ack-lose', action: 'cancel', count: 1 });
  const { symbol, clientOrderId } = order;
  const outcome = await trader.world.settled(trader.trading.cancelOrder({ symbol, clientOrderId }, { via }), 'the cancel');
  assert.equal(outcome.status, 'unknown', describe(outcome));
  await trader.world.pass(2_000);
  await trader.assertStatus(order, 'CANCELED');
}
