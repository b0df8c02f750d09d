import type { DepthEvent } from '@speed-protocol/core';

/** Levels per side. */
export const LEVELS = 10;

/**
 * A market that moves as one does: prices walk by ticks around a touch, sizes are small and skewed, times jitter. One
 * event object and one array, as a decoder hands them out.
 */
export function createMarket(seed: number): { readonly event: DepthEvent; next(): void } {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const values = new Float64Array(4 * LEVELS);
  const event = {
    type: 'depth' as const,
    kind: 'delta' as const,
    venue: 'binanceusdm',
    symbol: 'BTC/USDT:USDT',
    venueSymbol: 'BTCUSDT',
    venueTime: 1_767_225_600_000,
    receivedAt: 0,
    sequence: 1_000,
    prevSequence: 0,
    bids: { values, start: 0, count: LEVELS },
    asks: { values, start: 2 * LEVELS, count: LEVELS },
  };
  let touch = 600_000;
  return {
    event,
    next() {
      touch += random() < 0.5 ? -1 : 1;
      for (let i = 0; i < 2 * LEVELS; i++) {
        const away = 1 + Math.floor(random() * 100);
        values[2 * i] = (touch + (i < LEVELS ? -away : away)) / 10;
        values[2 * i + 1] = Math.round(random() ** 4 * 10_000) / 1000;
      }
      event.prevSequence = event.sequence;
      event.sequence += 1 + Math.floor(random() * 40);
      event.venueTime += 10;
      event.receivedAt = event.venueTime + Math.floor(random() * 5000) / 1000;
    },
  };
}

/** More events than a row group holds, ours or DuckDB's, so that none repeats itself. */
const TAPE = 131_072;

/**
 * The same market, drawn beforehand and then played round and round: making it costs as much as recording it, and taking that
 * off a measurement leaves noise. Sequences and times go on.
 */
export function createTape(seed: number): ReturnType<typeof createMarket> {
  const { event: drawn, next } = createMarket(seed);
  const event = drawn as { -readonly [K in keyof DepthEvent]: DepthEvent[K] };
  let time = event.venueTime ?? 0;
  const width = 4 * LEVELS;
  const values = new Float64Array(TAPE * width);
  for (let i = 0; i < TAPE; i++) {
    next();
    values.set(event.bids.values, i * width);
  }
  const bids = { values, start: 0, count: LEVELS };
  const asks = { values, start: 0, count: LEVELS };
  Object.assign(event, { bids, asks });
  let at = 0;
  return {
    event,
    next() {
      bids.start = at * width;
      asks.start = bids.start + 2 * LEVELS;
      at = (at + 1) % TAPE;
      event.prevSequence = event.sequence;
      event.sequence = (event.sequence ?? 0) + 1 + (at % 37);
      time += 10;
      event.venueTime = time;
      event.receivedAt = time + (at % 4999) / 1000;
    },
  };
}
