import { tableFromIPC } from 'apache-arrow';
import { readParquet } from 'parquet-wasm';
import { expect, it } from 'vitest';
import { randomFrom, seedOf } from '../../test/support/random.js';
import { footer, MAGIC } from '../parquet/footer.js';
import { ENCODING, leafElement, TYPE } from '../parquet/format.js';
import { Pages } from '../parquet/pages.js';

/** A Parquet file of one column of flags: in its page the bytes stand as they are, so that a decoder of others tells them. */
function fileOf(bytes: Uint8Array): Uint8Array {
  const pages = new Pages();
  pages.clear();
  pages.body.set(bytes);
  const rows = 8 * bytes.length;
  pages.data(['flags'], TYPE.boolean, { values: rows, encoding: ENCODING.plain, statistics: { nulls: 0 } });
  const groups = [{ rows, chunks: pages.chunks, at: MAGIC.length }];
  const columns = [{ schema: [leafElement('flags', TYPE.boolean, 'required')] }];
  return Buffer.concat([MAGIC, pages.bytes.copy(), footer({ columns, groups, pairs: {} })]);
}

function decoded(bytes: Uint8Array): Uint8Array {
  const table = tableFromIPC(readParquet(fileOf(bytes), { batchSize: 8 * bytes.length }).intoIPCStream());
  return (table.getChildAt(0)!.data[0]!.values as Uint8Array).subarray(0, bytes.length);
}

const random = randomFrom(seedOf());
const int = (n: number) => Math.floor(random() * n);

/** Bytes of every distribution that a page may have. */
const KINDS: Readonly<Record<string, (length: number) => Uint8Array>> = {
  'all alike': (length) => new Uint8Array(length).fill(int(256)),
  'alike but for one': (length) => new Uint8Array(length).fill(int(256)).fill(int(256), length >> 1, (length >> 1) + 1),
  even: (length) => Uint8Array.from({ length }, () => int(256)),
  'few kinds': (length) => {
    const [from, kinds] = [int(256), 1 + int(6)];
    return Uint8Array.from({ length }, () => from + int(kinds));
  },
  skewed: (length) => {
    const [from, kinds, power] = [int(256), 1 + int(256), 8 * random()];
    return Uint8Array.from({ length }, () => from + Math.floor(kinds * random() ** power));
  },
  // Frequencies of Fibonacci make the deepest tree there is: beyond 11 bits it has to be cut.
  deep: (length) => {
    const bytes = new Uint8Array(length);
    for (let at = 0, byte = 0, [run, next] = [1, 1]; at < length; byte++, [run, next] = [next, run + next]) {
      bytes.fill(byte, at, at + run);
      at += run;
    }
    return bytes;
  },
};

it.each(Object.keys(KINDS))('bytes that are %s come back from the decoder that everybody uses', (kind) => {
  console.log(`SPEED_SEED=${seedOf()}`);
  for (let k = 0; k < 20; k++) {
    const bytes = KINDS[kind]!(1 + int(k % 7 === 6 ? 300_000 : 3_000));
    expect(Buffer.compare(decoded(bytes), bytes), `${bytes.length} bytes, case ${k}`).toBe(0);
  }
});

it('shrinks what is uneven to near its entropy, and never blows up what is not', () => {
  const size = (bytes: Uint8Array) => fileOf(bytes).length - fileOf(new Uint8Array(1)).length;
  // Four bytes with shares of 1/2, 1/4, 1/8, 1/8: 1.75 bits each.
  const uneven = Uint8Array.from({ length: 100_000 }, () => Math.min(3, Math.clz32(random() * 2 ** 32)));
  expect(size(uneven) / (uneven.length * (1.75 / 8))).toBeCloseTo(1, 1);
  const even = KINDS['even']!(300_000);
  expect(size(even)).toBeLessThan(even.length + 100);
});
