import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.js';
import { frame, int, list, num, object, skip } from '../declare.js';
import { mutate } from '../fuzz/mutate.js';
import { Random } from '../fuzz/random.js';
import { parseSyntax } from '../fuzz/syntax.js';
import { load } from '../scratch.js';
import { TopicTable } from './table.js';

const seed = Number(process.env.SPEED_SEED ?? Date.now() & 0x7fffffff);
const lookup = <V>(table: TopicTable<V>, message: unknown): V | undefined =>
  table.lookupLoaded(load(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message))));

describe('a topic table', () => {
  const table = new TopicTable<number>([['stream']]);
  table.set(['btcusdt@depth'], 1);
  table.set(['btcusdt@trade'], 2);
  table.set(['币安人生usdt@trade'], 3);
  table.set(['a"b'], 4);
  table.set(['a\\b'], 5);

  it.each([
    [{ stream: 'btcusdt@depth', data: {} }, 1],
    [{ stream: 'btcusdt@trade', data: {} }, 2],
    [{ stream: '币安人生usdt@trade' }, 3],
    [{ stream: 'a"b' }, 4],
    [{ stream: 'a\\b' }, 5],
    ['{"stream":"a\\b"}', undefined],
    ['{"stream":"btcusdt\\u0040depth"}', 1],
    ['{ "stream" : "btcusdt@depth" }', 1],
    ['{"\\u0073tream":"btcusdt@depth"}', 1],
    [{ data: { stream: 'x', list: [{}, '}'] }, stream: 'btcusdt@trade' }, 2],
    [{ stream: 'btcusdt@dept' }, undefined],
    [{ stream: 'btcusdt@depth5' }, undefined],
    [{ stream: 7 }, undefined],
    [{ result: null, id: 1 }, undefined],
    ['', undefined],
    ['{"stream":"btcusdt@depth', undefined],
    ['{"stream"', undefined],
    ['[1]', undefined],
    ['nonsense', undefined],
  ])('routes %j', (message, value) => expect(lookup(table, message)).toBe(value));

  it('does not see the frame before behind a truncated one', () => {
    const whole = Buffer.from('{"stream":"btcusdt@depth"}');
    for (let length = 0; length < whole.length - 1; length++) {
      load(whole);
      expect(table.lookupLoaded(load(whole.subarray(0, length)))).toBe(undefined);
    }
  });

  it('finds texts behind data of any length, every time', () => {
    const late = new TopicTable<number>([['table']]);
    late.set(['spot/depth'], 7);
    for (let i = 0; i < 40; i++) {
      expect(lookup(late, { data: Array.from({ length: i }, (_, row) => ({ table: 'no', row })), table: 'spot/depth' })).toBe(7);
      expect(lookup(late, { x: i, table: 'spot/depth' })).toBe(7);
      expect(lookup(late, { table: 'spot/depth5' })).toBe(undefined);
    }
  });

  it('finds all of many that begin alike, beside a short one, again and again', () => {
    const own = new TopicTable<number>([['topic']]);
    const names = ['tickers.B', ...Array.from({ length: 60 }, (_, n) => `publicTrade.${n}COINUSDT`)];
    for (const [n, name] of names.entries()) own.set([name], n);
    for (let round = 0; round < 3; round++)
      for (const [n, topic] of names.entries()) expect(lookup(own, { topic, data: [n, round] })).toBe(n);
    own.delete([names[7]!]);
    expect([lookup(own, { topic: names[7] }), lookup(own, { topic: names[8] })]).toEqual([undefined, 8]);
  });

  it('forgets and replaces', () => {
    const own = new TopicTable<number>([['stream']]);
    own.set(['x'], 1);
    own.set(['x'], 2);
    expect([own.size, lookup(own, { stream: 'x' })]).toEqual([1, 2]);
    own.delete(['x']);
    own.delete(['y']);
    expect([own.size, lookup(own, { stream: 'x' })]).toEqual([0, undefined]);
  });

  it('spares the decoder the text, but not the check that it is one', () => {
    const decoder = compile(frame({ stream: skip(), a: int() }));
    const length = load(Buffer.from('{"stream":"btcusdt@depth","a":5}'));
    expect(table.lookupLoaded(length)).toBe(1);
    expect(decoder.decodeLoaded(length)).toBe(true);
    expect(decoder.decode(Buffer.from('{"stream":"btcusdt@dep\x01h","a":5}'))).toBe(false);
  });
});

describe(`a topic table of two texts, seed ${seed} (SPEED_SEED),`, () => {
  it('is a map, whatever order the keys come in', () => {
    const name = fc.oneof(fc.constantFrom('books', 'books5', 'trades', ''), fc.string({ unit: 'binary', maxLength: 12 }));
    const topic = fc.tuple(name, name);
    fc.assert(
      fc.property(fc.array(topic, { maxLength: 40 }), fc.array(topic, { maxLength: 10 }), fc.nat(3), (known, asked, order) => {
        const table = new TopicTable<number>([
          ['arg', 'channel'],
          ['arg', 'instId'],
        ]);
        const map = new Map(known.map((parts, i) => [parts.join('\0'), i]));
        for (const [i, parts] of known.entries()) table.set(parts, i);
        // What has been found once is found by its head from then on.
        for (const [channel, instId] of [...known, ...asked, ...known, ...asked]) {
          const arg = order & 1 ? { x: [1], instId, channel } : { channel, instId };
          const message = order & 2 ? { data: [{ arg: 'no' }], arg } : { arg, data: [] };
          expect(lookup(table, message)).toBe(map.get(`${channel}\0${instId}`));
        }
      }),
      { seed, numRuns: 150 },
    );
  });
});

describe('a topic table of texts in different objects', () => {
  const table = new TopicTable<number>([['a', 'x'], ['b']]);
  table.set(['1', '2'], 1);

  it.each([
    [{ a: { x: '1' }, b: '2' }, 1],
    [{ b: '2', a: { x: '1' } }, 1],
    [{ a: { x: '1', b: '2' } }, undefined],
    [{ a: { x: '1', b: '3' }, b: '2' }, 1],
    [{ a: { x: '1', b: '2' }, b: '3' }, undefined],
  ])('routes %j', (message, value) => expect(lookup(table, message)).toBe(value));
});

describe(`a topic table given damaged frames, seed ${seed} (SPEED_SEED),`, () => {
  it('routes those that are still JSON by their text, and trips over none', () => {
    const random = new Random(seed);
    const table = new TopicTable<string>([['stream']]);
    const streams = ['btcusdt@depth', 'btcusdt@trade', 'ethusdt@depth', 'x', 'é'];
    for (const stream of streams) table.set([stream], stream);
    let routed = 0;
    for (let i = 0; i < 20_000; i++) {
      const message = { data: { stream: 'x', a: [1, '\\"}'] }, stream: random.pick(streams), id: random.below(99) };
      const entries = random.oneIn(2) ? Object.entries(message) : random.shuffle(Object.entries(message));
      const frameBytes = mutate(Buffer.from(JSON.stringify(Object.fromEntries(entries))), random);
      const found = table.lookupLoaded(load(frameBytes));
      const expected = routeOf(frameBytes.toString());
      if (expected === 'not JSON' || expected === 'twice') continue;
      expect([frameBytes.toString(), found]).toEqual([frameBytes.toString(), streams.find((stream) => stream === expected)]);
      if (found !== undefined) routed++;
    }
    expect(routed).toBeGreaterThan(1000);
  });
});

/** The routing text by an independent reading; says so where the frame is not JSON, or has a key twice. */
function routeOf(text: string): unknown {
  const syntax = parseSyntax(text);
  if (syntax === undefined) return 'not JSON';
  const entries = syntax.type === 'object' ? syntax.entries.filter(([key]) => key === 'stream') : [];
  if (entries.length > 1) return 'twice';
  const value = entries[0]?.[1];
  return value?.type === 'string' ? value.value : undefined;
}

describe('the object around the routing texts', () => {
  const declared = frame({ arg: skip(), data: list(object({ px: num() })) });
  const frames: readonly (readonly [what: string, text: string, accepted: boolean])[] = [
    ['as ever', '{"arg":{"channel":"books","instId":"A"},"data":[{"px":"1"}]}', true],
    ['with more in it', '{"arg":{"channel":"books","instId":"A","uly":{"x":[1]}},"data":[{"px":"2"}]}', true],
    ['with white space', '{"arg":{"channel":"books","instId":"A" } ,"data":[{"px":"3"}]}', true],
    ['of another topic', '{"arg":{"channel":"books","instId":"B"},"data":[{"px":"4"}]}', true],
    ['in another order', '{"arg":{"instId":"A","channel":"books"},"data":[{"px":"5"}]}', true],
    ['behind other keys', '{"data":[{"px":"6"}],"arg":{"channel":"books","instId":"A"}}', true],
    ['that does not end', '{"arg":{"channel":"books","instId":"A","data":[{"px":"7"}]}', false],
    ['that ends twice', '{"arg":{"channel":"books","instId":"A"}},"data":[{"px":"8"}]}', false],
  ];

  it('is gone over at once only where it is what it was: any frame, after any other', () => {
    const table = new TopicTable<string>([
      ['arg', 'channel'],
      ['arg', 'instId'],
    ]);
    for (const name of ['A', 'B']) table.set(['books', name], name);
    const decoder = compile(declared);
    for (const first of frames)
      for (const second of [frames[0]!, ...frames]) {
        for (const [what, text, accepted] of [first, second]) {
          const length = load(Buffer.from(text));
          table.lookupLoaded(length);
          expect(decoder.decodeLoaded(length), `${what}, after "${first[0]}"`).toBe(accepted);
          if (accepted) expect(decoder.fields.data.at(0).px).toBe(Number(/"px":"(\d)"/.exec(text)?.[1]));
        }
      }
  });
});
