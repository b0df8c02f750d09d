import assert from 'node:assert/strict';
import type { NewOrder, SpeedError } from '@speed-protocol/core';
import type { Bench, CheckRow } from '../check.js';
import { describe, Trader } from '../trader.js';

const MANY = 20_000;

const row = (room: CheckRow['room'], name: string, run: (trader: Trader) => Promise<void>): CheckRow => {
  return { room, name, signedIn: true, run: async (bench: Bench) => run(await Trader.open(bench)) };
};

/** Ids of orders, and the clock that signatures stand on. */
export const IDENTITY: readonly CheckRow[] = [
  row(
    'ids',
    `${MANY} client order ids of two connectors are all different, and all known as ours`,
    async ({ trading, world }) => {
      const other = world.connect(world.credentials).trading;
      assert.ok(other);
      const ids = new Set<string>();
      for (let i = 0; i < MANY / 2; i++) ids.add(trading.newClientOrderId()).add(other.newClientOrderId());
      assert.equal(ids.size, MANY);
      for (const id of ids) assert.ok(trading.ownsClientOrderId(id), id);
    },
  ),
  row('ids', 'ids of others are not taken for ours', async ({ trading }) => {
    for (const id of ['', '1', 'web_abcdef', 'x-ABCDEFGH123', '00000000-0000-4000-8000-000000000000'])
      assert.equal(trading.ownsClientOrderId(id), false, id);
  }),
  row('ids', 'the venue takes the longest id that is minted, and gives it back as it was', async (trader) => {
    const order = await trader.placed();
    assert.equal((await trader.get(order)).clientOrderId, order.clientOrderId);
  }),
  row('ids', 'an id that is open already does not make a second order', async (trader) => {
    const order = await trader.placed();
    const again = await trader.place(order);
    assert.ok(again.status === 'rejected' && again.reason.kind === 'duplicate', describe(again));
    assert.equal(trader.count(order.clientOrderId), 1);
  }),
  row('ids', 'an order is found by either id', async (trader) => {
    const order = await trader.placed();
    const { venueOrderId } = await trader.get(order);
    const found = await trader.world.settled(trader.trading.getOrder({ symbol: order.symbol, venueOrderId }), 'the order');
    assert.equal(found?.clientOrderId, order.clientOrderId);
  }),
  ...[4_000, -4_000, 60_000, -60_000].map((skewMs) =>
    row(
      'clock skew',
      `orders go through when the venue's clock is ${Math.abs(skewMs) / 1000} s ${skewMs > 0 ? 'ahead' : 'behind'}`,
      async (trader) => {
        trader.world.sim.faults.inject({ kind: 'clock-skew', venue: trader.bench.venue, skewMs });
        const order = trader.request();
        const first = await trader.place(order);
        // The first may be refused for its time, in words; the difference is known from then on.
        if (first.status === 'rejected') assert.equal(first.reason.kind, 'clock-skew', describe(first));
        else if (first.status === 'unknown') await refusedInVagueWords(trader, order, first.cause);
        const second = first.status === 'accepted' ? order : await trader.placed();
        await trader.assertStatus(second, 'OPEN');
      },
    ),
  ),
];

/** A venue may say no more than that it was late, in a word that proves nothing: then asking tells that there is no order. */
async function refusedInVagueWords({ trading, world }: Trader, order: NewOrder, { kind, venueCode }: SpeedError) {
  assert.ok(kind === 'timeout' && venueCode !== undefined, `${kind} ${venueCode}`);
  const { symbol, clientOrderId } = order;
  assert.equal(await world.settled(trading.getOrder({ symbol, clientOrderId }), 'the question'), null);
}
