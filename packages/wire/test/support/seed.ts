/** Seed of a random test: from the environment variable `SPEED_SEED`, else new; always printed, so that a failure can be repeated. */
export function seedOf(test: string): number {
  const seed = process.env['SPEED_SEED'] === undefined ? (Math.random() * 2 ** 32) >>> 0 : Number(process.env['SEED']);
  console.log(`${test}: SPEED_SEED=${seed}`);
  return seed;
}

/** mulberry32: numbers in [0, 1) that follow from the seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
