import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from './compile.js';
import { frame, id, int, levels, num, text } from './declare.js';
import { parseExact } from './exact.js';

const seed = Number(process.env.SPEED_SEED ?? Date.now() & 0x7fffffff);
const options = { seed, numRuns: 800 };
const decodes = <T extends { decode(frame: Uint8Array): boolean }>(decoder: T, json: string): T => {
  if (!decoder.decode(Buffer.from(json))) throw new Error(`refused: ${json}`);
  return decoder;
};

describe(`decoders, seed ${seed} (SPEED_SEED)`, () => {
  const decimals = fc
    .tuple(
      fc.boolean(),
      fc.stringMatching(/^(0|[1-9]\d{0,20})$/),
      fc.stringMatching(/^(\.\d{1,20})?$/),
      fc.stringMatching(/^([eE][-+]?\d{1,2})?$/),
    )
    .map(([negative, whole, fraction, exponent]) => `${negative ? '-' : ''}${whole}${fraction}${exponent}`);

  it('read any decimal as Number(text)', () => {
    const decoder = compile(frame({ n: num(), b: levels() }));
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const { fields } = decodes(decoder, `{"n":${a},"b":[["${a}","${b}"],[${b},${a},0]]}`);
        expect(fields.n).toBe(Number(a));
        expect([...fields.b.values.subarray(fields.b.start, fields.b.start + 4)]).toEqual([a, b, b, a].map(Number));
      }),
      options,
    );
    expect(decoder.slowPathCount).toBe(0);
  });

  it('read what any float64 prints as that float64', () => {
    const decoder = compile(frame({ n: num() }));
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        for (const json of [JSON.stringify(value), `"${value}"`])
          expect(decodes(decoder, `{"n":${json}}`).fields.n).toBe(Number(JSON.parse(json)));
      }),
      options,
    );
  });

  it('read safe integers exactly and refuse the others', () => {
    const decoder = compile(frame({ i: int(), j: int() }));
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }), fc.maxSafeInteger(), (a, b) => {
        const safe = Number.isSafeInteger(Number(a));
        for (const json of [`${a}`, `"${a}"`]) {
          expect(decoder.decode(Buffer.from(`{"i":${json},"j":${b}}`))).toBe(safe);
          if (safe) expect([BigInt(decoder.fields.i), decoder.fields.j]).toEqual([a, b]);
        }
      }),
      options,
    );
  });

  it('keep ids of any length and texts of any characters', () => {
    const decoder = compile(frame({ a: id(), b: id(), t: text() }));
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.string({ minLength: 1, unit: 'binary' }), (a, b) => {
        const { fields } = decodes(decoder, `{"a":${a},"b":${JSON.stringify(b)},"t":${JSON.stringify(b)}}`);
        expect([fields.a, fields.b, fields.t]).toEqual([String(a), b, b]);
      }),
      options,
    );
  });
});

describe(`parseExact, seed ${seed} (SPEED_SEED)`, () => {
  it('is JSON.parse for what a float64 holds', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const exact = JSON.stringify(parseExact(json), (_, value) =>
          typeof value === 'string' && /^-?\d{16,}$/.test(value) ? Number(value) : value,
        );
        const plain = JSON.stringify(JSON.parse(json), (_, value) =>
          typeof value === 'string' && /^-?\d{16,}$/.test(value) ? Number(value) : value,
        );
        expect(exact).toBe(plain);
      }),
      options,
    );
  });

  it('keeps long integers as strings, wherever they stand, and leaves strings alone', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.string(), (integer, around) => {
        const kept = Number.isSafeInteger(Number(integer)) ? Number(integer) : String(integer);
        const json = `{"a":[${integer}, {"b":${integer}}],${JSON.stringify(around)} : ${JSON.stringify(`"${integer}\\"${around}`)}}`;
        expect(parseExact(json)).toEqual({ a: [kept, { b: kept }], [around]: `"${integer}\\"${around}` });
      }),
      options,
    );
  });

  it.each(['', '{"a":00000000000000000001}', '[1,]', '{"a":12345678901234567890'])('refuses %j like JSON.parse', (json) =>
    expect(() => parseExact(json)).toThrow(SyntaxError),
  );

  it('leaves fractions and exponents numbers', () =>
    expect(parseExact('[1e30,12345678901234567890.5]')).toEqual([1e30, Number('12345678901234567890.5')]));
});
