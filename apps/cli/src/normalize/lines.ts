import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const GZIP_MAGIC = [0x1f, 0x8b];

/** Bytes of a file, or of standard input for `-`. The name does not decide whether it is compressed: the bytes do. */
export function openInput(file: string, stdin: Readable): Readable {
  return file === '-' ? stdin : createReadStream(file, { highWaterMark: 1 << 18 });
}

/** The source's bytes, unpacked when they begin like a gzip file. */
async function* unpacked(source: Readable): AsyncIterable<Buffer> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (head.length < GZIP_MAGIC.length) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const rest = resume(head, chunks);
  yield* GZIP_MAGIC.every((byte, at) => head[at] === byte) ? gunzip(rest) : rest;
}

async function* resume(head: Buffer, chunks: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  yield head;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

async function* gunzip(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const { Readable } = await import('node:stream');
  const gzip = createGunzip({ chunkSize: 1 << 18 });
  const input = Readable.from(source);
  input.on('error', (error) => gzip.destroy(error));
  yield* input.pipe(gzip);
}

/**
 * Lines of a source in batches as they arrive: the consumer's `await` holds the source back. Line ends are `\n` or
 * `\r\n`; the last line needs none.
 */
export async function* readLines(source: Readable): AsyncIterable<string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of unpacked(source)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() as string;
    if (lines.length > 0) yield lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
}
