import { RowBuffer } from '../datasets/rows.js';
import type { Block, StreamId } from '../datasets/stream.js';
import { rowWidth } from '../datasets/table.js';
import { type Batch, type Chunk, HEAD } from './chunk.js';

/** Rows of one stream, taken out of a batch. */
interface Sorted {
  readonly stream: StreamId;
  readonly rows: RowBuffer;
  prevSeq: number;
}

/** Sorts the rows of a batch by stream, beside the hot path. Its arrays are used again batch after batch. */
export class BatchSorter {
  /** By number of the stream. */
  readonly #streams: Sorted[] = [];
  #touched: Sorted[] = [];

  /** One block per stream, in the order of their first rows; valid until the next call. */
  sort({ streams, chunks }: Batch): Block[] {
    for (const { rows } of this.#touched) rows.clear();
    this.#touched = [];
    for (const chunk of chunks) this.#read(chunk, streams);
    return this.#touched.map(({ stream, prevSeq, rows }) => ({ stream, prevSeq, ...rows.taken() }));
  }

  #read({ data, bytes, length }: Chunk, streams: readonly StreamId[]): void {
    for (let at = 0; at < length; ) {
      const sorted = this.#of(data[at]!, streams);
      const { rows } = sorted;
      if (rows.rows === 0) {
        sorted.prevSeq = data[at + 1]!;
        this.#touched.push(sorted);
      }
      const levels = at + HEAD + rows.width;
      const text = levels + data[at + 2]!;
      const textBytes = data[at + 3]!;
      rows.copy(data, at + HEAD, text);
      if (textBytes > 0) rows.copyText(bytes.subarray(8 * text, 8 * text + textBytes));
      at = text + ((textBytes + 7) >> 3);
    }
  }

  #of(number: number, streams: readonly StreamId[]): Sorted {
    const known = this.#streams[number];
    if (known !== undefined) return known;
    const stream = streams[number]!;
    const sorted = { stream, rows: new RowBuffer(rowWidth(stream.dataset)), prevSeq: Number.NaN };
    this.#streams[number] = sorted;
    return sorted;
  }
}
