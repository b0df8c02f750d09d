import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decimal, type NewOrder } from '@speed-protocol/core';
import { type Journal, openJournal } from '@speed-protocol/host';
import { burst, median, p50 } from './measure.js';

const ORDERS = 200;
const ROUNDS = 15;

/** What the journal adds to an order before it leaves, us: alone, and as its share of 200 at once. */
export interface JournalCost {
  readonly alone: number;
  readonly inBurst: number;
}

/** @param strict with fsync */
export async function journalCost(strict: boolean): Promise<JournalCost> {
  const folder = await mkdtemp(path.join(tmpdir(), 'speed-bench-journal-'));
  try {
    await using journal = await openJournal(folder, { strict });
    const bursts: number[] = [];
    for (let round = 0; round < ROUNDS; round++) bursts.push(await burst(ORDERS, () => record(journal)));
    const { alone } = await p50(ORDERS, { alone: () => record(journal) });
    return { alone, inBurst: median(bursts) / ORDERS };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let next = 0;

function record(journal: Journal): Promise<void> {
  const clientOrderId = `x-bench-${++next}`;
  const terms = { side: 'buy', type: 'limit', amount: decimal('0.010'), price: decimal('60000.00') } as const;
  const order: NewOrder = { symbol: 'BTC/USDT:USDT', clientOrderId, ...terms };
  return journal.record(clientOrderId, order.symbol, { kind: 'intent', order, time: 1_767_225_600_000 });
}
