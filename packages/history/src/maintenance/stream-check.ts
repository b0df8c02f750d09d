import { SpeedError } from '@speed-protocol/core';
import type { StreamId } from '../datasets/stream.js';
import type { BlockCursor } from '../replay/events.js';
import type { FileEntry, SeqRange } from '../store/manifest.js';
import type { ListedGap, Problem } from './verify.js';

export interface Row {
  readonly cursor: BlockCursor;
  readonly seq: number;
  /** `timestamp`, ms. */
  readonly time: number;
}

/** Follows one stream row by row and finds what is missing, doubled or out of order. */
export class StreamCheck {
  readonly #stream: StreamId;
  readonly #problems: Problem[] = [];
  /** Sequences of the gap rows of this stream, ascending: a gap row lies between the rows on its two sides. */
  readonly #gaps: readonly number[];
  readonly #ends = new Map<string, number>();
  #file: FileEntry | undefined;
  #lastSeq = -1;
  #lastTime = -Infinity;
  /** The venue's sequence so far; `undefined`: nothing is known here. */
  #sequence: number | null | undefined;

  constructor(stream: StreamId, gaps: readonly ListedGap[]) {
    this.#stream = stream;
    this.#gaps = gaps.map(({ seq }) => seq).sort((a, b) => a - b);
  }

  begin(file: FileEntry): void {
    this.#file = file;
    this.#lastTime = -Infinity;
    for (const range of file.ranges) this.#chain(range);
  }

  /** A file whose rows cannot be looked at: already reported, so what is missing with it is not reported again. */
  skip(file: FileEntry): void {
    for (const { spool, lastSeq } of file.ranges) this.#ends.set(spool, lastSeq);
    this.#sequence = undefined;
  }

  row({ cursor, seq, time }: Row): void {
    const where = this.#file!.key;
    if (time < this.#lastTime) this.#report('order', where, `row ${seq} is earlier than the one before it`);
    if (seq === this.#lastSeq) this.#report('duplicate', where, `row ${seq} is there twice`);
    if (this.#stream.dataset === 'depth') this.#depth(cursor, seq, where);
    this.#lastTime = time;
    this.#lastSeq = seq;
  }

  finish(): readonly Problem[] {
    return this.#problems;
  }

  /**
   * Each recorder's rows must follow each other without a break. A run that began (`prevSeq` null) has its gap row right
   * before its first row; rows that a damaged log lost have theirs under the sequence of the last lost one.
   */
  #chain({ spool, firstSeq, lastSeq, prevSeq }: SeqRange): void {
    const end = this.#ends.get(spool);
    this.#ends.set(spool, Math.max(lastSeq, end ?? lastSeq));
    if (end === undefined || prevSeq === end || this.#stream.dataset === 'gaps') return;
    const where = this.#file!.key;
    if (firstSeq <= end) {
      this.#report('duplicate', where, `rows ${firstSeq} to ${Math.min(lastSeq, end)} are in an earlier file too`);
    } else if (prevSeq !== null && !this.#gaps.includes(prevSeq)) {
      this.#report('unlisted-gap', where, `rows after ${end} up to ${prevSeq} are missing and no gap says so`);
    } else if (prevSeq === null && this.#stream.dataset !== 'depth' && !this.#gaps.includes(firstSeq - 1)) {
      // Depth may continue across a restart by the venue's own sequence; its rows are looked at one by one.
      this.#report('unlisted-gap', where, `a run began at ${firstSeq} and no gap says what is missing since ${end}`);
    }
  }

  #depth(cursor: BlockCursor, seq: number, where: string): void {
    const sequence = cursor.optional('sequence');
    const follows = cursor.flag('is_snapshot') ? sequence : cursor.optional('prev_sequence');
    const last = this.#sequence;
    this.#sequence = sequence;
    if (last === undefined || follows === last || this.#gapBetween(this.#lastSeq, seq)) return;
    // A venue without sequence numbers proves nothing either way.
    if (last === null || follows === null) return;
    this.#report('unlisted-gap', where, `the book goes from sequence ${last} to ${follows} at row ${seq} and no gap says so`);
  }

  #gapBetween(after: number, before: number): boolean {
    return this.#gaps.some((seq) => seq > after && seq < before);
  }

  #report(kind: Problem['kind'], where: string, message: string): void {
    if (this.#problems.length > 1000)
      throw new SpeedError('protocol', `${where}: more than a thousand problems; the first: ${this.#problems[0]!.message}`);
    this.#problems.push({ kind, where, message });
  }
}
