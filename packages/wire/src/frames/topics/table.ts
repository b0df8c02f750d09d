import { parseExact } from '../exact.js';
import { skipValue } from '../scan/skip.js';
import { bytes, CAPACITY, knownValue, loadedText } from '../scratch.js';
import { Heads } from './heads.js';
import { Locator, type Path } from './locate.js';
import { equalText, hasBackslash, hashText, hashWords, TextWords, textEnd } from './text.js';

const END = textEnd;
const KNOWN = knownValue;
const B = bytes;
const OPEN = 123;
const CLOSE = 125;
/** Texts that stand in JSON as they are. */
const PLAIN = /^[^\x00-\x1f"\\]*$/;
/** Longer beginnings are not worth comparing: they hold data, which changes. */
const MAX_PREFIX = 96;

/** The texts of one topic and what it stands for. */
class Topic<V> {
  readonly words: readonly TextWords[];
  readonly hash: number;
  readonly plain: boolean;
  /** What the decoder need not read again, see {@link knownValue}: the object of the routing texts, or the first of them; -1: nothing. */
  knownFrom = -1;
  knownTo = -1;

  constructor(
    parts: readonly string[],
    readonly value: V,
  ) {
    this.words = parts.map((part) => new TextWords(Buffer.from(part)));
    this.plain = parts.every((part) => PLAIN.test(part));
    this.hash = this.words.reduce((hash, words, part) => hash + Math.imul(hashWords(words), 2 * part + 1), 0) | 0;
  }
}

/**
 * Says what a loaded frame belongs to, from the texts that route it (`stream`, or `arg.channel` and `arg.instId`), without
 * making a string: their bytes are hashed, then compared exactly. Filled at subscribe time.
 *
 * The texts are looked for where the last frame had them; a frame in another order is walked. A frame that names a routing
 * key twice is routed by one of them: declare the key, and the decoder refuses the frame.
 */
export class TopicTable<V> {
  private readonly topics = new Map<string, Topic<V>>();
  private readonly locator: Locator;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  /** Paths in the order in which their texts come, and the bytes before each, counted from the end of the one before. */
  private sequence: readonly number[];
  private prefixes: readonly TextWords[];
  private slots: (Topic<V> | undefined)[] = [];
  private readonly heads = new Heads<Topic<V>>();
  /** The beginning of a frame whose first value is the object with all routing texts, e.g. `{"arg":`. */
  private readonly wrapper: TextWords | undefined;

  /** @param paths where the routing texts sit; a frame that lacks one of them belongs to nothing */
  constructor(private readonly paths: readonly Path[]) {
    this.locator = new Locator(paths);
    this.starts = new Int32Array(paths.length);
    this.ends = new Int32Array(paths.length);
    this.sequence = paths.map((_, index) => index);
    this.prefixes = paths.map((path, index) => new TextWords(Buffer.from(index === 0 ? `{"${path[0]}":"` : '"')));
    const [outer] = paths[0] as Path;
    if (paths.every((path) => path.length > 1 && path[0] === outer)) {
      this.wrapper = new TextWords(Buffer.from(`{${JSON.stringify(outer)}:`));
    }
    this.rebuild();
  }

  get size(): number {
    return this.topics.size;
  }

  /** @param parts one text for each path, as the venue sends it */
  set(parts: readonly string[], value: V): void {
    this.topics.set(JSON.stringify(parts), new Topic(parts, value));
    this.rebuild();
  }

  delete(parts: readonly string[]): void {
    if (this.topics.delete(JSON.stringify(parts))) this.rebuild();
  }

  /** What was set for the frame in the scratch buffer; `undefined` when it has no routing texts, or unknown ones. */
  lookupLoaded(length: number): V | undefined {
    const known = this.heads.find();
    if (known === undefined) return this.lookupByTexts(length);
    this.know(known);
    return known.value;
  }

  private lookupByTexts(length: number): V | undefined {
    const { sequence, prefixes, starts, ends } = this;
    const limit = Math.min(length, CAPACITY);
    let hash = 0;
    let p = 0;
    for (let i = 0; i < sequence.length; i++) {
      const prefix = prefixes[i] as TextWords;
      if (!equalText(p, prefix)) return this.walk(length);
      p += prefix.length;
      const part = sequence[i] as number;
      starts[part] = p;
      hash += Math.imul(hashText(p, limit), 2 * part + 1);
      p = END[0] as number;
      if (p < 0) return undefined;
      ends[part] = p;
    }
    const topic = this.find(hash | 0);
    if (topic === undefined || !topic.plain) return this.unknown(length);
    this.learn(topic, p);
    this.know(topic);
    return topic.value;
  }

  private find(hash: number): Topic<V> | undefined {
    const { slots } = this;
    const mask = slots.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const topic = slots[at];
      if (topic === undefined || (topic.hash === hash && this.equals(topic))) return topic;
    }
  }

  private unknown(length: number): V | undefined {
    return this.hasEscapes() ? this.lookupSlowly(length) : undefined;
  }

  /** What stands up to the end of the last routing text is the same in every frame of a topic while the prefixes hold. */
  private learn(topic: Topic<V>, end: number): void {
    this.heads.learn(topic, (this.prefixes[0] as TextWords).length, end);
    topic.knownFrom = this.wrapper === undefined ? (this.starts[0] as number) - 1 : objectStart(this.wrapper, end);
    topic.knownTo = this.wrapper === undefined ? (this.ends[0] as number) + 1 : end + 2;
  }

  /** Where the object around the texts ended right behind them once, it does so again if there is a brace. */
  private know({ knownFrom, knownTo }: Topic<V>): void {
    if (knownFrom < 0 || (this.wrapper !== undefined && B[knownTo - 1] !== CLOSE)) return;
    KNOWN[0] = knownFrom;
    KNOWN[1] = knownTo;
  }

  private equals(topic: Topic<V>): boolean {
    for (let part = 0; part < this.starts.length; part++) {
      const words = topic.words[part] as TextWords;
      const start = this.starts[part] as number;
      if (words.length !== (this.ends[part] as number) - start || !equalText(start, words)) return false;
    }
    return true;
  }

  /** Finds the texts wherever they are, and expects them there from now on. */
  private walk(length: number): V | undefined {
    if (!this.locator.locate()) return this.lookupSlowly(length);
    let hash = 0;
    for (const [part, start] of this.locator.starts.entries()) {
      if (start < 0) return undefined;
      hash += Math.imul(hashText(start, Math.min(length, CAPACITY)), 2 * part + 1);
      if ((END[0] as number) < 0) return undefined;
      this.starts[part] = start;
      this.ends[part] = END[0] as number;
    }
    this.expect();
    const topic = this.find(hash | 0);
    return topic === undefined || !topic.plain ? this.unknown(length) : topic.value;
  }

  private expect(): void {
    const sequence = [...this.starts.keys()].sort((a, b) => (this.starts[a] as number) - (this.starts[b] as number));
    const from = (index: number) => (index === 0 ? 0 : (this.ends[sequence[index - 1] as number] as number));
    const to = (index: number) => this.starts[sequence[index] as number] as number;
    if (sequence.some((_, index) => to(index) - from(index) > MAX_PREFIX)) return;
    this.heads.clear();
    this.sequence = sequence;
    this.prefixes = sequence.map((_, index) => new TextWords(bytes.slice(from(index), to(index))));
  }

  private hasEscapes(): boolean {
    return this.starts.some((start, part) => hasBackslash(start, this.ends[part] as number));
  }

  /** Escapes, or something that is not JSON. */
  private lookupSlowly(length: number): V | undefined {
    try {
      const message = parseExact(loadedText(length));
      const parts = this.paths.map((path) => path.reduce(child, message));
      return this.topics.get(JSON.stringify(parts))?.value;
    } catch {
      return undefined;
    }
  }

  private rebuild(): void {
    this.heads.clear();
    let size = 16;
    while (size < 4 * this.topics.size) size *= 2;
    this.slots = new Array<Topic<V> | undefined>(size).fill(undefined);
    for (const topic of this.topics.values()) {
      let at = topic.hash & (size - 1);
      while (this.slots[at] !== undefined) at = (at + 1) & (size - 1);
      this.slots[at] = topic;
    }
  }
}

/** Index of the object that the frame begins with, if it ends right behind the text that ends at `end`; else -1. */
function objectStart(wrapper: TextWords, end: number): number {
  const start = wrapper.length;
  return equalText(0, wrapper) && B[start] === OPEN && skipValue(start) === end + 2 ? start : -1;
}

function child(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
