import { levelsFromPairs, type SpeedEvent } from '@speed-protocol/core';

const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT'] as const;
/** Runs are an hour apart, so that the hours of earlier runs can be compacted while later ones record. */
const START = 1_767_225_600_000;
const RUN_MS = 3_600_000;
export const startOf = (run: number): number => START + run * RUN_MS;

/** Depth sequences of one run. */
export const SEQUENCES = 1e9;

/** Row `n` of a run: trades (even) carry `run-n` as their id, depth (odd) the sequence `run * 1e9 + n`; symbols take turns. */
export function eventOf(run: number, n: number): SpeedEvent {
  const symbol = SYMBOLS[n % SYMBOLS.length]!;
  const time = startOf(run) + (n % 3_000_000);
  const head = { venue: 'binance', symbol, venueSymbol: symbol.replace('/', ''), venueTime: time, receivedAt: time + 0.25 };
  if (n % 2 === 0)
    return { type: 'trade', ...head, id: `${run}-${n}`, price: 100 + n, size: 1, side: n % 4 === 0 ? 'buy' : 'sell' };
  const sequence = run * SEQUENCES + n;
  const isFirst = n < 2 * SYMBOLS.length;
  const levels = levelsFromPairs([[100 + n, n]]);
  return {
    type: 'depth',
    ...head,
    kind: isFirst ? 'snapshot' : 'delta',
    sequence,
    prevSequence: isFirst ? null : sequence - 2 * SYMBOLS.length,
    bids: levels,
    asks: levels,
  };
}
