import { describe, expect, it } from 'vitest';
import { type CompiledFrame, compile, compileWithout } from './compile.js';
import { frame, id, int, levels, type ObjectNode, object, optional, skip, text } from './declare.js';
import { fuzzFrame, SYNTHETIC } from './fuzz/index.js';
import type { Guard } from './interpret/interpret.js';
import { limits, stringClass } from './scan/tables.js';

// The long form is `npm run fuzz`.
const seed = Number(process.env.SPEED_SEED ?? Date.now() & 0x7fffffff);
const FRAMES = 1500;

describe(`the fuzzer, seed ${seed} (SPEED_SEED)`, () => {
  it.each(Object.entries(SYNTHETIC))('finds nothing wrong with %s', (name, declaration) => {
    const row = fuzzFrame(name, declaration, { frames: FRAMES, seed });
    expect(row.failures).toEqual([]);
    expect([row.mismatches, row.crashes]).toEqual([0, 0]);
    // Frames of both kinds, or nothing was tested.
    expect(Math.min(row.accepted, row.refused)).toBeGreaterThan(FRAMES / 10);
  });
});

/** A checker that has never failed proves nothing: take one guard out of the decoder, and it must notice. */
describe(`the fuzzer notices a decoder, seed ${seed} (SPEED_SEED),`, () => {
  const declaration = frame({
    stream: skip(),
    data: object({ e: text(), E: int(), id: id(), n: optional(int()), b: levels(), a: levels() }),
  });
  const mismatches = (decoder: CompiledFrame<ObjectNode>) =>
    fuzzFrame('guards', declaration, { frames: 20_000, seed, stopAfter: 1, decoder: decoder as CompiledFrame<ObjectNode> })
      .mismatches;

  it.each<Guard>(['fast.required', 'fast.duplicate', 'fast.end', 'slow.required', 'slow.duplicate'])('without %s', (guard) => {
    expect(mismatches(compileWithout(declaration, guard))).toBeGreaterThan(0);
  });

  it('without the range of integers', () => {
    limits[0] = Number.POSITIVE_INFINITY;
    try {
      expect(mismatches(compile(declaration))).toBeGreaterThan(0);
    } finally {
      limits[0] = Number.MAX_SAFE_INTEGER;
    }
  });

  it('without the check for control characters', () => {
    stringClass.fill(0, 1, 32);
    try {
      expect(mismatches(compile(declaration))).toBeGreaterThan(0);
    } finally {
      stringClass.fill(1, 1, 32);
    }
  });

  it('and with them all notices none', () =>
    expect(fuzzFrame('guards', declaration, { frames: FRAMES, seed }).mismatches).toBe(0));
});
