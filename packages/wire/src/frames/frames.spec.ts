import { levelsToPairs, type SpeedError } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { compile } from './compile.js';
import { bool, frame, id, int, levels, list, literal, num, object, optional, skip, taggedLevels, text } from './declare.js';
import { load } from './scratch.js';

const DEPTH = {
  stream: 'btcusdt@depth',
  data: {
    e: 'depthUpdate',
    E: 1795132800010,
    s: 'BTCUSDT',
    U: 501,
    u: 509,
    pu: -1,
    b: [['90000.00', '0.500']],
    a: [
      ['90000.10', '0'],
      ['90001', '12.25'],
    ],
  },
};

const depthFrame = () =>
  frame({
    stream: skip(),
    data: object({ e: literal('depthUpdate'), E: int(), s: text(), U: id(), u: int(), pu: int(), b: levels(), a: levels() }),
  });

const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

describe('a compiled frame', () => {
  const decoder = compile(depthFrame());

  it('gives the fields, without the slow path', () => {
    expect(decoder.decode(bytes(DEPTH))).toBe(true);
    const { data } = decoder.fields;
    expect([data.e, data.E, data.s, data.U, data.u, data.pu]).toEqual(['depthUpdate', 1795132800010, 'BTCUSDT', '501', 509, -1]);
    expect(levelsToPairs(data.b)).toEqual([[90000, 0.5]]);
    expect(levelsToPairs(data.a)).toEqual([
      [90000.1, 0],
      [90001, 12.25],
    ]);
    expect(decoder.slowPathCount).toBe(0);
  });

  it('gives the same in any key order, with unknown keys and white space', () => {
    const data = Object.fromEntries([...Object.entries(DEPTH.data), ['st', 1], ['new', { x: [1, { y: '"' }] }]].reverse());
    const shuffled = { data, ...{ later: [[], {}] }, stream: DEPTH.stream };
    for (const frameText of [JSON.stringify(shuffled), JSON.stringify(shuffled, null, 2)]) {
      expect(decoder.decode(bytes(frameText))).toBe(true);
      expect(decoder.fields.data.U).toBe('501');
      expect(levelsToPairs(decoder.fields.data.a)).toHaveLength(2);
    }
    expect(decoder.slowPathCount).toBe(0);
  });

  it.each([' ', '\n', '\r\n\t  '])('takes white space of any kind without the slow path: %j', (space) => {
    const spaced = JSON.stringify(DEPTH).replace(/[{}[\]:,]/g, (mark) => space + mark + space);
    expect(decoder.decode(bytes(spaced))).toBe(true);
    expect(levelsToPairs(decoder.fields.data.a)).toEqual([
      [90000.1, 0],
      [90001, 12.25],
    ]);
    expect(decoder.slowPathCount).toBe(0);
  });

  it('learns the key order and keeps giving the same', () => {
    const orders = [DEPTH.data, Object.fromEntries(Object.entries({ ...DEPTH.data, extra: 'x' }).reverse())];
    for (let i = 0; i < 400; i++) {
      const data = { ...orders[(i >> 7) & 1], u: i };
      expect(decoder.decode(bytes({ stream: 's', data }))).toBe(true);
      expect(decoder.fields.data.u).toBe(i);
      expect(levelsToPairs(decoder.fields.data.b)).toEqual([[90000, 0.5]]);
    }
    expect(decoder.slowPathCount).toBe(0);
  });

  it('understands escapes on the slow path', () => {
    const escaped = JSON.stringify(DEPTH).replace('BTCUSDT', '\\u0042TC\\n').replace('"pu"', '"\\u0070u"');
    const before = decoder.slowPathCount;
    expect(decoder.decode(bytes(escaped))).toBe(true);
    expect([decoder.fields.data.s, decoder.fields.data.pu]).toEqual(['BTC\n', -1]);
    expect(decoder.slowPathCount).toBe(before + 1);
  });

  it.each([
    ['', /not JSON/],
    ['{', /not JSON/],
    [JSON.stringify(DEPTH).slice(0, -1), /not JSON/],
    [`${JSON.stringify(DEPTH)}]`, /not JSON/],
    [JSON.stringify(DEPTH).replace('BTCUSDT', 'BTC\tUSDT'), /not JSON: Bad control character/],
    [JSON.stringify(DEPTH).replace('BTCUSDT', 'BTC\0USDT'), /not JSON: Bad control character/],
    [JSON.stringify(DEPTH).replace('"u":509', '"u":0509'), /not JSON/],
    ['[]', /the frame: expected an object at offset 0, found \[\]/],
    ['{"data":{"e":"depthUpdate"}}', /data\.E: missing from the object at offset 8/],
    [JSON.stringify(DEPTH).replace('depthUpdate', 'trade'), /data\.e: expected "depthUpdate" at offset 38, found "trade"/],
    [JSON.stringify(DEPTH).replace('"u":509', '"u":9007199254740992'), /data\.u: expected an integer within \+-\(2\^53-1\)/],
    [JSON.stringify(DEPTH).replace('"u":509', '"u":1.5'), /data\.u: expected an integer/],
    [JSON.stringify(DEPTH).replace('"u":509', '"u":null'), /data\.u: expected an integer/],
    [JSON.stringify(DEPTH).replace('"u":509', '"u":509,"u":509'), /data\.u: key twice, at offset/],
    [JSON.stringify(DEPTH).replace('"0.500"', '"1e999"'), /data\.b: expected a finite number/],
    [JSON.stringify(DEPTH).replace('"0.500"', '"0x10"'), /data\.b: expected a finite number/],
    [JSON.stringify(DEPTH).replace('"90000.00","0.500"', '"90000.00"'), /data\.b: expected a level/],
    [JSON.stringify(DEPTH).replace('"U":501', '"U":""'), /data\.U: expected an id/],
  ])('refuses %s', (frameText, problem) => {
    expect(decoder.decode(bytes(frameText))).toBe(false);
    expect(decoder.problem).toMatch(problem);
    expect(decoder.decode(bytes(DEPTH))).toBe(true);
    expect(decoder.problem).toBe('');
  });

  it('takes frames loaded beforehand', () => {
    expect(decoder.decodeLoaded(load(bytes(DEPTH)))).toBe(true);
    expect(decoder.fields.data.s).toBe('BTCUSDT');
  });

  it('does not see the frame before, longer and whole, behind a truncated one', () => {
    const whole = bytes(DEPTH);
    for (let length = 0; length < whole.length; length++) {
      load(whole);
      expect(decoder.decode(whole.subarray(0, length))).toBe(false);
    }
  });
});

describe('optional fields', () => {
  const decoder = compile(
    frame({
      i: optional(int()),
      n: optional(num()),
      d: optional(id()),
      t: optional(text()),
      b: optional(bool()),
      l: optional(literal('x')),
      v: optional(levels()),
      o: optional(object({ i: int() })),
      r: optional(list(object({ i: int() }))),
    }),
  );
  const full = { i: 1, n: 2.5, d: '3', t: 'four', b: true, l: 'x', v: [[1, 2]], o: { i: 6 }, r: [{ i: 7 }] };
  const keys = Object.keys(full);

  it.each([
    ['absent', {}],
    ['null', Object.fromEntries(keys.map((key) => [key, null]))],
    ['""', Object.fromEntries(keys.map((key) => [key, '']))],
  ])('read as absent when %s, whatever the frame before had', (_, empty) => {
    expect(decoder.decode(bytes(full))).toBe(true);
    expect(decoder.fields.o?.i).toBe(6);
    expect(decoder.fields.r.at(0).i).toBe(7);
    expect(decoder.decode(bytes(empty))).toBe(true);
    const { i, n, d, t, b, l, v, o, r } = decoder.fields;
    expect([i, n, d, t, b, l, v.count, o, r.length]).toEqual([Number.NaN, Number.NaN, null, null, null, null, 0, null, 0]);
    expect(decoder.slowPathCount).toBe(0);
  });
});

describe('numbers', () => {
  const decoder = compile(frame({ n: num() }));

  it.each([
    '0',
    '-0',
    '0.1',
    '1.423e-4',
    '123456789.123456789',
    '0.30000000000000004',
    '9007199254740993',
    '179769313486231570000e288',
    '5e-324',
    '1e-400',
    '0.000000000000000000000000000001',
    '61837.64000000',
    '99999999.99999999',
    '12345678',
    '1234567.12345678',
    '1234.123456789',
  ])('%s is exactly Number(text), plain and quoted', (number) => {
    for (const value of [number, `"${number}"`]) {
      expect(decoder.decode(bytes(`{"n":${value}}`))).toBe(true);
      expect(decoder.fields.n).toBe(Number(number));
    }
    expect(decoder.slowPathCount).toBe(0);
  });

  it.each(['"00012.50"', '"5."', '".5"', '"-.5"'])('%s is a number as text, though not as JSON', (value) => {
    expect(decoder.decode(bytes(`{"n":${value}}`))).toBe(true);
    expect(decoder.fields.n).toBe(Number(JSON.parse(value)));
    expect(decoder.decode(bytes(`{"n":${JSON.parse(value)}}`))).toBe(false);
  });

  it.each(['" 1"', '"1 "', '"+1"', '"0x1"', '"1e"', '"."', '"-"', '""', '"Infinity"', '"NaN"', '1e999', 'true', '[1]'])(
    '%s is none',
    (value) => {
      expect(decoder.decode(bytes(`{"n":${value}}`))).toBe(false);
      expect(decoder.problem).toMatch(/n: expected a finite number at offset 5/);
    },
  );
});

/** Each of these would take minutes if anything read it in quadratic time. */
describe('absurdly long values', () => {
  const decoder = compile(
    frame({ n: optional(num()), i: optional(int()), d: optional(id()), t: optional(text()), b: optional(levels()) }),
  );
  const digits = '1'.repeat(400_000);
  const zeros = `1${'0'.repeat(400_000)}1`;

  it.each([
    ['a quoted number that is none', `{"n":"${digits}x"}`, false],
    ['a quoted number that ends in a sign', `{"n":"${digits}-"}`, false],
    ['a number beyond float64', `{"n":${digits}}`, false],
    ['an integer beyond its range', `{"i":${zeros}}`, false],
    ['an integer with an endless fraction', `{"i":1.${zeros}}`, false],
    ['a fraction', `{"n":0.${zeros}}`, true],
    ['an id', `{"d":${digits}}`, true],
    ['a text of backslashes', `{"t":"${'\\\\'.repeat(200_000)}"}`, true],
    ['a text of escaped quotes', `{"t":"${'\\"'.repeat(200_000)}"}`, true],
    ['a text without end', `{"t":"${'\\"'.repeat(200_000)}`, false],
    ['an unknown key of braces', `{"x":${'[{"a":'.repeat(60_000)}1${'}]'.repeat(60_000)}}`, true],
    ['levels without end', `{"b":[${'["1","2"],'.repeat(80_000)}`, false],
  ])('%s', (_, frameText, accepted) => {
    expect(decoder.decode(bytes(frameText))).toBe(accepted);
  });
});

describe('ids', () => {
  const decoder = compile(frame({ id: id() }));

  it.each(['1', '0', '-5', '9007199254740993', '123456789012345678901', `1${'0'.repeat(400)}`])(
    '%s keeps every digit',
    (digits) => {
      for (const value of [digits, `"${digits}"`]) {
        expect(decoder.decode(bytes(`{"id":${value}}`))).toBe(true);
        expect(decoder.fields.id).toBe(digits);
      }
      expect(decoder.slowPathCount).toBe(0);
    },
  );

  it.each(['1.5', '1e3', 'true', '""', 'null', '[]'])('%s is none', (value) =>
    expect(decoder.decode(bytes(`{"id":${value}}`))).toBe(false),
  );
});

describe('lists and levels', () => {
  const decoder = compile(
    frame({ data: list(object({ ts: int(), bids: levels(), asks: levels(), in: optional(list(object({ k: text() }))) })) }),
  );
  const row = (ts: number, depth: number) => ({
    ts,
    bids: Array.from({ length: depth }, (_, i) => [String(ts + i), `${i}.5`, '0', '3']),
    asks: [],
    in: Array.from({ length: ts % 3 }, (_, i) => ({ k: `${ts}/${i}` })),
  });

  it.each([0, 1, 3, 16, 17, 1000])('of %i rows, each with its own levels and lists', (count) => {
    const rows = Array.from({ length: count }, (_, i) => row(i, i % 5));
    expect(decoder.decode(bytes({ data: rows }))).toBe(true);
    const { data } = decoder.fields;
    expect(data.length).toBe(count);
    for (const [i, expected] of rows.entries()) {
      const found = data.at(i);
      expect(found.ts).toBe(i);
      expect(levelsToPairs(found.bids)).toEqual(expected.bids.map(([price, size]) => [Number(price), Number(size)]));
      expect(found.asks.count).toBe(0);
      expect(Array.from({ length: found.in.length }, (_, at) => ({ k: found.in.at(at).k }))).toEqual(expected.in);
    }
    expect(() => data.at(count)).toThrow(RangeError);
  });

  it('of any number of levels', () => {
    expect(decoder.decode(bytes({ data: [row(7, 20_000)] }))).toBe(true);
    expect(decoder.fields.data.at(0).bids.count).toBe(20_000);
    expect(decoder.slowPathCount).toBe(0);
  });

  it('of frames longer than the scratch buffer', () => {
    const rows = [row(7, 20_000), row(8, 80_000)];
    expect(decoder.decode(bytes({ data: rows }))).toBe(true);
    const { bids } = decoder.fields.data.at(1);
    expect(bids.count).toBe(80_000);
    expect(levelsToPairs(bids).at(-1)).toEqual([8 + 79_999, 79_999.5]);
    expect(decoder.slowPathCount).toBe(1);
    expect(decoder.decode(bytes({ data: [row(9, 2)] }))).toBe(true);
    expect(levelsToPairs(decoder.fields.data.at(0).bids)).toEqual([
      [9, 0.5],
      [10, 1.5],
    ]);
  });
});

describe('levels with a tag', () => {
  const decoder = compile(frame({ b: taggedLevels(), a: optional(taggedLevels()) }));

  it.each([
    ['[["new",42500.0,1000.0],["change",42499.5,5.5e-7],["delete",42499,0.0]]', true],
    ['[ ["new" , "1" , 2 , "more"] , ["",0.5,1] ]', true],
    ['[["n\\u0065w",1,2]]', true],
    ['[]', true],
    ['[["new",1]]', false],
    ['[[1,2,3]]', false],
    ['[["new",01,2]]', false],
    ['[["new",1,2],]', false],
    ['[["new,1,2]]', false],
  ])('%s: %s', (text, taken) => {
    expect(decoder.decode(Buffer.from(`{"b":${text}}`))).toBe(taken);
    if (!taken) return;
    const expected = (JSON.parse(text) as unknown[][]).map(([, price, size]) => [Number(price), Number(size)]);
    expect(levelsToPairs(decoder.fields.b)).toEqual(expected);
    expect(decoder.fields.a.count).toBe(0);
  });

  it('of any number, without the slow path', () => {
    const fast = compile(frame({ b: taggedLevels() }));
    const rows = Array.from({ length: 20_000 }, (_, i) => ['change', i + 0.5, i / 8]);
    expect(fast.decode(bytes({ b: rows }))).toBe(true);
    expect(levelsToPairs(fast.fields.b)).toEqual(rows.map(([, price, size]) => [price, size]));
    expect(fast.slowPathCount).toBe(0);
  });
});

describe('nesting', () => {
  const decoder = compile(frame({ a: int() }));
  const nested = (depth: number) => `{"x":${'['.repeat(depth)}${']'.repeat(depth)},"a":1}`;

  it.each([1, 64, 65, 5000, 200_000])('of %i levels in a key that nobody reads', (depth) => {
    expect(decoder.decode(bytes(nested(depth)))).toBe(true);
    expect(decoder.fields.a).toBe(1);
    expect(decoder.decode(bytes(nested(depth).replace(']', '}')))).toBe(false);
  });
});

describe('declarations that make no sense', () => {
  it.each([
    [() => compile(frame({})), /the frame has no keys/],
    [() => compile(frame({ a: object({}) })), /a has no keys/],
    [() => compile(frame({ a: optional(optional(int())) })), /a is optional twice/],
  ])('are config errors', (make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ kind: 'config' } satisfies Partial<SpeedError>));
  });
});
