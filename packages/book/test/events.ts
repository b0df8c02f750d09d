import { type DepthEvent, type GapEvent, levelsFromPairs } from '@speed-protocol/core';

export type Pairs = readonly (readonly [price: number, size: number])[];

const BASE = { venue: 'sim', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', venueTime: null } as const;

export function snapshot(sequence: number | null, bids: Pairs, asks: Pairs, receivedAt = 0): DepthEvent {
  return {
    ...BASE,
    type: 'depth',
    kind: 'snapshot',
    sequence,
    prevSequence: null,
    bids: levelsFromPairs(bids),
    asks: levelsFromPairs(asks),
    receivedAt,
  };
}

export function delta(
  prevSequence: number | null,
  sequence: number | null,
  bids: Pairs,
  asks: Pairs,
  receivedAt = 0,
): DepthEvent {
  return { ...snapshot(sequence, bids, asks, receivedAt), kind: 'delta', prevSequence };
}

export const gap: GapEvent = { ...BASE, type: 'gap', feed: 'depth', reason: 'sequence', receivedAt: 0 };
