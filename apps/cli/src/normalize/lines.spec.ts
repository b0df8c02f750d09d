import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readLines } from './lines.js';

async function collect(...chunks: Buffer[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of readLines(Readable.from(chunks))) lines.push(...batch);
  return lines;
}

const bytes = (text: string) => Buffer.from(text);

describe('readLines', () => {
  it('joins lines over chunks, also inside a character of several bytes', async () => {
    const text = bytes('{"s":"币安"}\nsecond\nthird');
    for (let at = 1; at < text.length; at++) {
      expect(await collect(text.subarray(0, at), text.subarray(at))).toEqual(['{"s":"币安"}', 'second', 'third']);
    }
  });

  it.each([
    ['nothing', '', []],
    ['one line without an end', 'a', ['a']],
    ['an empty line in the middle', 'a\n\nb\n', ['a', '', 'b']],
  ])('reads %s', async (_what, text, lines) => expect(await collect(bytes(text))).toEqual(lines));

  it('unpacks gzip whatever the file is called and wherever the chunks end', async () => {
    const packed = gzipSync('first\nsecond\n');
    expect(await collect(packed)).toEqual(['first', 'second']);
    expect(await collect(...[...packed].map((byte) => Buffer.of(byte)))).toEqual(['first', 'second']);
    expect(await collect(Buffer.concat([packed, gzipSync('third\n')]))).toEqual(['first', 'second', 'third']);
  });

  it('fails on a gzip file that ends early', async () => {
    const packed = gzipSync('x'.repeat(1000));
    await expect(collect(packed.subarray(0, packed.length - 6))).rejects.toThrow(/unexpected end of file/);
  });
});
