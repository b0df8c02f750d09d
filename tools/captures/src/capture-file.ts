import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RawFrame } from '@speed-protocol/core';

/** `wire`: streams and answers as they were received. `fixture`: single frames of peers' tests, perhaps edited. */
export type CaptureClass = 'wire' | 'fixture';

/** A file of frames: `<exchange and product>.<class>.<source>.jsonl.gz`. */
export interface CaptureFile {
  /** File name without the ending. */
  readonly name: string;
  readonly path: string;
  /** Exchange and product as the file names them, e.g. `binance-usdm`. */
  readonly product: string;
  readonly class: CaptureClass;
}

const NAME = /^([a-z0-9-]+)\.(wire|fixture)\..+\.jsonl(?:\.gz)?$/;

/** Captures and fixtures of a folder, by name. What documents quote is neither. */
export function listCaptures(directory: string): CaptureFile[] {
  return readdirSync(directory)
    .sort()
    .flatMap((file) => {
      const [, product, kind] = NAME.exec(file) ?? [];
      if (product === undefined) return [];
      const name = basename(file).replace(/\.jsonl(\.gz)?$/, '');
      return [{ name, path: join(directory, file), product, class: kind as CaptureClass }];
    });
}

/**
 * The installed venue that a product of a capture is, by ccxt's way of naming: `binance-usdm` is `binanceusdm`, the
 * spot product and anything that a company does not split carries the company's name alone.
 */
export function venueOf(product: string, venues: readonly string[]): string | undefined {
  const names = [product.replaceAll('-', ''), product.split('-')[0] as string];
  return names.find((name) => venues.includes(name));
}

/** The frames of a capture, with their 1-based line numbers. `only`: frames whose line has this text. */
export function* readFrames(path: string, only = ''): Generator<[line: number, frame: RawFrame]> {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  let line = 0;
  for (const row of text.split('\n')) {
    line++;
    if (row === '' || !row.includes(only)) continue;
    const { transport, url = null, dir, ts = null, raw } = JSON.parse(row) as RawFrame;
    yield [line, { transport, url, dir, ts, raw }];
  }
}
