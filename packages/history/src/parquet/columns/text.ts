import { writeDeltas } from '../delta.js';
import { ENCODING, leafElement, TYPE } from '../format.js';
import { type Pages, type Statistics, writeLevels } from '../pages.js';
import { type ColumnWriter, enlarged } from './column.js';

/** Strings of any kind, stored as what differs from the one before: ids count up. */
export class TextColumn implements ColumnWriter {
  readonly schema;
  readonly #path: readonly string[];
  /** Where each row's bytes end. */
  #ends = new Uint32Array(0);
  #levels = new Uint8Array(0);
  #bytes = new Uint8Array(1 << 10);
  #length = 0;
  #nulls = 0;

  constructor(name: string) {
    this.schema = [leafElement(name, TYPE.bytes, 'optional', 'text')];
    this.#path = [name];
  }

  reserve(rows: number): void {
    this.#ends = enlarged(this.#ends, rows);
    this.#levels = enlarged(this.#levels, rows);
  }

  /** @param length in bytes; below 0: null */
  put(row: number, bytes: Uint8Array, start: number, length: number): void {
    this.#levels[row] = length < 0 ? 0 : 1;
    if (length < 0) this.#nulls++;
    const end = this.#length + Math.max(0, length);
    this.#bytes = enlarged(this.#bytes, end);
    for (let to = this.#length, from = start; to < end; to++, from++) this.#bytes[to] = bytes[from]!;
    this.#length = this.#ends[row] = end;
  }

  encode(rows: number, pages: Pages): void {
    const spans = this.#spans(rows);
    const { body } = pages;
    writeLevels(body, this.#nulls === 0 ? undefined : this.#levels, rows);
    const prefixes = Uint32Array.from(spans, (span, i) => (i === 0 ? 0 : this.#shared(spans[i - 1]!, span)));
    writeDeltas(body, prefixes, spans.length);
    writeDeltas(
      body,
      Uint32Array.from(spans, ([from, to], i) => to - from - prefixes[i]!),
      spans.length,
    );
    spans.forEach(([from, to], i) => {
      body.set(this.#bytes.subarray(from + prefixes[i]!, to));
    });
    const statistics = { nulls: this.#nulls, ...this.#extremes(spans) };
    pages.data(this.#path, TYPE.bytes, { values: rows, encoding: ENCODING.deltaBytes, statistics });
    this.#length = this.#nulls = 0;
  }

  /** Start and end of every string that is there. */
  #spans(rows: number): [number, number][] {
    const spans: [number, number][] = [];
    for (let row = 0, from = 0; row < rows; row++) {
      const to = this.#ends[row]!;
      if (this.#levels[row] === 1) spans.push([from, to]);
      from = to;
    }
    return spans;
  }

  #shared([a, aEnd]: [number, number], [b, bEnd]: [number, number]): number {
    const most = Math.min(aEnd - a, bEnd - b);
    let length = 0;
    while (length < most && this.#bytes[a + length] === this.#bytes[b + length]) length++;
    return length;
  }

  #extremes(spans: readonly [number, number][]): Pick<Statistics, 'least' | 'most'> {
    const [first] = spans;
    if (first === undefined) return {};
    let [least, most] = [first, first];
    for (const span of spans) {
      if (this.#isLess(span, least)) least = span;
      if (this.#isLess(most, span)) most = span;
    }
    return { least: this.#bytes.slice(...least), most: this.#bytes.slice(...most) };
  }

  #isLess(one: [number, number], other: [number, number]): boolean {
    const same = this.#shared(one, other);
    const [a, b] = [one[0] + same, other[0] + same];
    return b < other[1] && (a >= one[1] || this.#bytes[a]! < this.#bytes[b]!);
  }
}
