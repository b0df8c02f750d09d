import { writeSync } from 'node:fs';
import { decimal } from '@speed-protocol/core';
import { openJournal } from '../../src/desk/journal.js';

/** Writes intents until it is killed; prints an id when, and only when, its record is acknowledged. */
const [folder, mode, run] = process.argv.slice(2) as [string, string, string];
const journal = await openJournal(folder, { strict: mode === 'strict' });

async function write(clientOrderId: string): Promise<void> {
  const order = { symbol: 'BTC/USDT', clientOrderId, side: 'buy', type: 'market', amount: decimal('1') } as const;
  await journal.record(clientOrderId, order.symbol, { kind: 'intent', order, time: 1 });
  // Synchronous: what was read by the parent was true before the kill.
  writeSync(1, `${clientOrderId}\n`);
}

for (let burst = 0; ; burst++) await Promise.all([0, 1, 2].map((n) => write(`${run}-${burst}-${n}`)));
