import { fuzzFrame } from '@speed-protocol/wire/fuzz';
import { describe, expect, it } from 'vitest';
import { DECODERS } from '../src/decoders.js';
import { fuzzIds } from '../src/ids.js';
import { parseOptions } from '../src/options.js';

const seed = Number(process.env.SPEED_SEED ?? Date.now() & 0x7fffffff);

describe(`declarations of the plugins, seed ${seed} (SPEED_SEED)`, () => {
  it.each([...DECODERS].filter(([name]) => !name.startsWith('synthetic.')))('%s', (name, declaration) => {
    const row = fuzzFrame(name, declaration, { frames: 600, seed });
    expect(row.failures).toEqual([]);
    expect([row.mismatches, row.crashes]).toEqual([0, 0]);
    expect(Math.min(row.accepted, row.refused)).toBeGreaterThan(60);
  });

  it('keep ids of 21 digits', () => {
    const row = fuzzIds(2000, seed);
    expect([row.accepted, row.mismatches, row.failures]).toEqual([2000, 0, []]);
  });
});

describe('the command', () => {
  it('reads its options', () => {
    const options = parseOptions(['--decoder', 'binance.trade', '--frames', '5', '--ids', '0', '--seed', '7']);
    expect(options).toEqual({ decoders: ['binance.trade'], frames: 5, ids: 0, seed: 7 });
    expect(parseOptions([]).decoders).toEqual([...DECODERS.keys()]);
  });

  it.each([
    [['--decoder', 'binance.trad'], /did you mean "binance\.trade"/],
    [['--frames', 'many'], /--frames must be a whole number, not "many"/],
    [['--frame', '5'], /Unknown option/],
  ])('says what is wrong with %j', (argv, message) => expect(() => parseOptions(argv)).toThrow(message));
});
