import { writeSync } from 'node:fs';
import type { PersisterManifest, SpeedEvent } from '@speed-protocol/core';
import { levelsFromPairs } from '@speed-protocol/core';
import { Engine, HistoryWriter } from '../../src/index.js';
import { HOUR_MS } from '../../src/layout.js';
import { randomFrom } from './random.js';

/** What a child is told, as JSON in its first argument. */
export interface ChildOrder {
  readonly location: string;
  readonly config?: object;
  readonly spool: string;
  readonly seed: number;
  /** Most rows of one burst; default 200. */
  readonly burst?: number;
  /** Default 40,000. */
  readonly segmentBytes?: number;
  /** Number of this run: part of every id, so that rows of different runs are told apart. */
  readonly run: number;
}

export const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT'] as const;
export const START = 1_767_225_600_000;

/** Row `n` of a run: trades carry `run-n` as their id, depth the sequence `run * 1e9 + n`. */
export function eventOf(run: number, n: number): SpeedEvent {
  const symbol = SYMBOLS[n % SYMBOLS.length]!;
  const time = START + run * HOUR_MS + n;
  const head = { venue: 'binance', symbol, venueSymbol: symbol.replace('/', ''), venueTime: time, receivedAt: time + 0.25 };
  if (n % 2 === 0)
    return { type: 'trade', ...head, id: `${run}-${n}`, price: 100 + n, size: 1, side: n % 4 === 0 ? 'buy' : 'sell' };
  const sequence = run * 1e9 + n;
  const first = n < 2 * SYMBOLS.length;
  const levels = levelsFromPairs([[100 + n, n]]);
  return {
    type: 'depth',
    ...head,
    kind: first ? 'snapshot' : 'delta',
    sequence,
    prevSequence: first ? null : sequence - 2 * SYMBOLS.length,
    bids: levels,
    asks: levels,
  };
}

/**
 * Records under load until it is killed. Prints `a <n>` when rows up to n are acknowledged: written synchronously, so what
 * the parent reads was true before the kill.
 */
export async function recordUntilKilled(manifest: PersisterManifest, order: ChildOrder): Promise<void> {
  const random = randomFrom(order.seed + order.run);
  const store = manifest.create(order.location, { config: order.config ?? {} });
  const engine = await Engine.open({
    store,
    spool: order.spool,
    segmentBytes: order.segmentBytes ?? 40_000,
    segmentMs: 200,
    retryMs: 20,
  });
  const seqOf: number[] = [];
  let acknowledged = 0;
  const writer = new HistoryWriter(engine, {
    commitMs: 2,
    onAcknowledged: (seq) => {
      while (acknowledged < seqOf.length && seqOf[acknowledged]! <= seq) acknowledged++;
      writeSync(1, `a ${acknowledged - 1}\n`);
    },
  });
  const burst = () => {
    for (let k = Math.floor(random() * (order.burst ?? 200)); k > 0; k--) {
      const seq = writer.push(eventOf(order.run, seqOf.length));
      if (seq === 0) throw new Error('a row was dropped under a load that it should carry');
      seqOf.push(seq);
    }
    setTimeout(burst, 1);
  };
  burst();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 30 + 100 * random()));
    // Compaction runs beside roll-over, so kills hit that too. Only hours before this run's: nobody adds to them.
    await engine.maintain({ before: START + order.run * HOUR_MS }).catch((error: unknown) => writeSync(2, `${error}\n`));
  }
}
