import { crc32 } from 'node:zlib';
import type { OrderBook } from '@speed-protocol/book';
import type { Levels } from '@speed-protocol/core';

/** Levels a side that the checksum covers. */
export const CHECKSUM_LEVELS = 25;

/**
 * The checksum that OKX sent with its books until 2026-06: CRC-32, signed, of the best 25 levels of both sides in turns,
 * `bid:size:ask:size:...`. Since then it is 0. Captures of before prove a book down to the last digit.
 *
 * @returns `undefined` when the frame carries none
 */
export function checksumOf(raw: string): number | undefined {
  const found = /"checksum":(-?\d+)/.exec(raw)?.[1];
  return found === undefined || found === '0' ? undefined : Number(found);
}

/** The same of a book of ours. */
export function bookChecksum(book: OrderBook): number {
  const { bids, asks } = book.top(CHECKSUM_LEVELS);
  const [bidTexts, askTexts] = [texts(bids), texts(asks)];
  const turns = Array.from({ length: CHECKSUM_LEVELS }, (_, rank) =>
    [bidTexts[rank], askTexts[rank]].filter((text) => text !== undefined),
  );
  return crc32(turns.flat().join(':')) | 0;
}

function texts({ values, start, count }: Levels): string[] {
  return Array.from({ length: count }, (_, i) => `${plain(values[start + 2 * i]!)}:${plain(values[start + 2 * i + 1]!)}`);
}

/** Shortest text without an exponent: as the venue prints its numbers, which have no zeros to spare. */
function plain(value: number): string {
  const text = String(value);
  const [digits = '', exponent] = text.split('e-');
  if (exponent === undefined) return text;
  return `0.${'0'.repeat(Number(exponent) - 1)}${digits.replace('.', '')}`;
}
