import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { add, exact, round, subtract, toDecimal, ZERO } from '@speed-protocol/book';
import { decimal } from '@speed-protocol/core';
import type { PnlUpdate } from '@speed-protocol/host';
import { startSimulator } from '@speed-protocol/simulator';
import { expect, it } from 'vitest';
import { Seat } from '../src/orders/seat.js';
import { ledgerView } from '../src/orders/views.js';
import { VirtualTime } from '../src/virtual-time.js';
import { pluginsOf } from '../src/world.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);

const sum = (values: readonly string[]) => values.reduce((total, each) => add(total, exact(decimal(each))), ZERO);

/** Real connector, real simulator: what is told of a position that was opened and closed is what the ledger booked. */
it.each(['binanceusdm', 'binancecoinm'])(
  `profit and fees of a round trip are the ledger's: %s (SPEED_SEED=${seed})`,
  async (venue) => {
    const { plugins, dialects } = await pluginsOf([venue]);
    await using sim = await startSimulator({ dialects, venues: [venue], seed, symbols: 1, clock: 'virtual' });
    const time = new VirtualTime(sim.clock);
    const journalDir = await mkdtemp(path.join(tmpdir(), 'speed-order-pnl-'));
    const ready = sim.ready.venues[venue]!;
    const seat = await time.during(
      Seat.take({ venue, ready, journalDir, manifest: await plugins.manifest(venue), clock: sim.clock }),
    );
    const [market] = seat.markets;
    const order = { symbol: ready.symbols[0]!, type: 'market', amount: market!.amount(20) } as const;
    const updates: PnlUpdate[] = [];
    const opened = await time.during(seat.account.place({ ...order, side: 'buy' }));
    seat.account.watchPnl(opened.clientOrderId, (update) => updates.push(update));
    await time.until(() => updates.some(({ markPrice }) => markPrice !== null), 20_000);
    await time.during(seat.account.place({ ...order, side: 'sell', reduceOnly: true }));
    expect(await time.until(() => updates.at(-1)?.open === false, 20_000)).toBe(true);
    const { fills } = await ledgerView(sim.controlUrl, venue);
    const last = updates.at(-1)!;
    expect(last).toMatchObject({
      clientOrderId: opened.clientOrderId,
      side: 'long',
      quantity: '0',
      unrealizedPnl: '0',
      funding: '0',
    });
    expect(last.fees).toBe(toDecimal(sum(fills.map(({ fee }) => fee))));
    // The venue rounds each fill to 8 decimals, we the sum of all: half a unit per fill at most.
    const off = subtract(exact(last.realizedPnl), sum(fills.map(({ profit }) => profit)));
    const closings = fills.filter(({ profit }) => /[1-9]/.test(profit)).length;
    expect(Math.abs(Number(toDecimal(round(off, 8)))) * 1e8).toBeLessThanOrEqual(Math.ceil((closings + 1) / 2) + 0.01);
    expect(last.netPnl).toBe(toDecimal(subtract(exact(last.realizedPnl), exact(last.fees))));
    await time.during(seat[Symbol.asyncDispose]());
    await rm(journalDir, { recursive: true, force: true });
  },
  60_000,
);
