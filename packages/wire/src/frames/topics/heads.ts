import { bytes, words } from '../scratch.js';
import { equalText, TextWords } from './text.js';

const B = bytes;
const D = words;
const QUOTE = 34;
const MIX = 0x9e3779b1 | 0;
/** Enough to tell nearly all topics from one another; those that it does not are compared in turn. */
const MAX_WORDS = 12;
/** Heads that are one to the hash, e.g. `publicTrade.` of all symbols beside a short topic: more are left to the texts' own hash. */
const MAX_ALIKE = 4;

/** How the frames of one topic begin: all bytes up to the end of the last routing text, without its quote. */
class Head<T> {
  key = 0;

  constructor(
    readonly text: TextWords,
    readonly topic: T,
  ) {}
}

/**
 * Topics by the beginnings of their frames. Venues write the same keys in the same order, so that after the first frame of a
 * topic all others are found by one hash of a few words and one comparison, instead of text by text.
 */
export class Heads<T> {
  private heads: Head<T>[] = [];
  private slots: (Head<T> | undefined)[] = [];
  private readonly learnt = new Set<T>();
  /** What every head has in common, bytes: not worth hashing. */
  private from = 0;
  private words = 0;

  clear(): void {
    this.heads = [];
    this.slots = [];
    this.learnt.clear();
  }

  /**
   * @param end index of the quote behind the last routing text of the loaded frame
   * @param from length of what every frame of the table begins with
   */
  learn(topic: T, from: number, end: number): void {
    if (this.learnt.has(topic)) return;
    this.learnt.add(topic);
    this.heads.push(new Head(new TextWords(B.slice(0, end)), topic));
    this.from = from;
    const shortest = Math.min(...this.heads.map(({ text }) => text.length));
    this.words = Math.min(MAX_WORDS, (shortest - from) >> 2);
    this.rebuild();
  }

  /** The topic whose head the loaded frame begins with. */
  find(): T | undefined {
    const { slots } = this;
    const mask = slots.length - 1;
    if (mask < 0) return undefined;
    const key = this.keyOf(D);
    for (let at = key & mask; ; at = (at + 1) & mask) {
      const head = slots[at];
      if (head === undefined) return undefined;
      if (head.key === key && B[head.text.length] === QUOTE && equalText(0, head.text)) return head.topic;
    }
  }

  private keyOf(view: DataView): number {
    const end = this.from + 4 * this.words;
    let key = MIX;
    for (let p = this.from; p < end; p += 4) key = Math.imul(key ^ view.getInt32(p, true), MIX);
    return key ^ (key >>> 15);
  }

  private rebuild(): void {
    let size = 16;
    while (size < 4 * this.heads.length) size *= 2;
    this.slots = new Array<Head<T> | undefined>(size).fill(undefined);
    const alike = new Map<number, number>();
    for (const head of this.heads) {
      head.key = this.keyOf(new DataView(head.text.words.buffer));
      const others = alike.get(head.key) ?? 0;
      alike.set(head.key, others + 1);
      if (others >= MAX_ALIKE) continue;
      let at = head.key & (size - 1);
      while (this.slots[at] !== undefined) at = (at + 1) & (size - 1);
      this.slots[at] = head;
    }
  }
}
