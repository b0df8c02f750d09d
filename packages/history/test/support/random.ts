import type { SpeedEvent } from '@speed-protocol/core';
import { levelsFromPairs } from '@speed-protocol/core';

/** Seed of this run: printed by every test that uses it, taken from SPEED_SEED when it is set. */
export const seedOf = (): number => Number(process.env['SPEED_SEED'] ?? Date.now() % 1_000_000_000);

/** mulberry32: small, fast, the same everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SYMBOLS = [
  { venue: 'binanceusdm', symbol: 'BTC/USDT:USDT', venueSymbol: 'BTCUSDT' },
  { venue: 'binance', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT' },
  { venue: 'binance', symbol: '币安人生/USDT', venueSymbol: '币安人生USDT' },
] as const;

/** A plausible live stream over several venues, symbols and feeds, with every oddity that an event may have. */
export function* randomEvents(seed: number, count: number, start = 1_767_225_600_000): Generator<SpeedEvent> {
  const random = randomFrom(seed);
  const int = (n: number) => Math.floor(random() * n);
  const maybe = (value: number) => (random() < 0.1 ? null : value);
  const sequences = new Map<string, number>();
  let time = start;
  for (let i = 0; i < count; i++) {
    time += int(40);
    const at = SYMBOLS[int(SYMBOLS.length)]!;
    const venueTime = random() < 0.02 ? null : time - int(5) + (random() < 0.1 ? 0.125 : 0);
    const base = { ...at, venueTime, receivedAt: time + int(1000) / 1000, ...(random() < 0.05 && { recovered: true }) };
    const price = Math.round(600_000 + 1000 * random()) / 10;
    const size = Math.round(random() ** 4 * 1e6) / 1e3;
    const levels = () =>
      levelsFromPairs(Array.from({ length: int(6) }, () => [Math.round(price * 10 + int(100)) / 10, int(5) === 0 ? 0 : size]));
    switch (int(8)) {
      case 0:
        yield { ...base, type: 'trade', id: `${2n ** 63n + BigInt(i)}`, price, size, side: random() < 0.5 ? 'buy' : 'sell' };
        break;
      case 1:
        yield {
          ...base,
          type: 'quote',
          sequence: maybe(i),
          bid: maybe(price),
          bidSize: maybe(size),
          ask: maybe(price + 0.1),
          askSize: maybe(size),
        };
        break;
      case 2:
        yield {
          ...base,
          type: 'funding',
          rate: maybe(-0.0001),
          predictedRate: maybe(1e-7),
          nextFundingTime: maybe(time),
          intervalHours: maybe(8),
          markPrice: maybe(price),
          indexPrice: maybe(price),
        };
        break;
      case 3:
        yield {
          ...base,
          type: 'candle',
          interval: random() < 0.5 ? '1m' : '1h',
          openTime: time,
          open: price,
          high: price,
          low: price,
          close: price,
          volume: size,
          closed: random() < 0.5,
        };
        break;
      case 4:
        yield { ...base, type: 'liquidation', side: 'sell', price, size };
        break;
      case 5:
        if (random() < 0.2) yield { ...base, type: 'gap', feed: 'trade', reason: 'disconnect' };
        break;
      default: {
        const key = at.venue + at.symbol;
        const prev = sequences.get(key);
        const sequence = (prev ?? int(1e12)) + 1 + int(50);
        sequences.set(key, sequence);
        yield {
          ...base,
          type: 'depth',
          kind: prev === undefined ? 'snapshot' : 'delta',
          sequence,
          prevSequence: prev ?? null,
          bids: levels(),
          asks: levels(),
        };
      }
    }
  }
}
