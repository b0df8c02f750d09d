import { type DepthEvent, levelsFromPairs } from '@speed-protocol/core';

export const VENUE = 'bench';
export const SYMBOL = 'BTC/USDT';

/** A depth change whose JSON text has about `bytes` bytes. */
export function depthOf(bytes: number, kind: 'snapshot' | 'delta', sequence: number): DepthEvent {
  // About 18 bytes a level, and 300 for what stands around them.
  const levels = Math.max(1, Math.round((bytes - 300) / 36));
  const side = (from: number, step: number) =>
    levelsFromPairs(Array.from({ length: levels }, (_, i) => [from + i * step, ((sequence + i) % 90) / 100 + 0.105]));
  return {
    type: 'depth',
    kind,
    venue: VENUE,
    symbol: SYMBOL,
    venueSymbol: 'BTCUSDT',
    venueTime: 1_763_690_000_000 + sequence,
    receivedAt: 1_763_690_000_001.25 + sequence,
    sequence,
    prevSequence: kind === 'delta' ? sequence - 1 : null,
    bids: side(64_999.9, -0.1),
    asks: side(65_000, 0.1),
  };
}
