import type { BookSide } from '../engine/book-side.js';
import { ChangeLog } from '../engine/change-log.js';
import type { MatchingEngine } from '../engine/matching-engine.js';
import type { Side } from '../engine/types.js';
import type { UpdateSequence } from './update-sequence.js';

/** Price (ticks) and total size (lots) of one level. */
export type LevelTotal = readonly [price: number, size: number];

/** What changed in a range of sequences: every touched level once, with its size at the end; ascending prices. */
export interface BookChanges {
  /** First and last update id of the range. */
  readonly first: number;
  readonly last: number;
  readonly bids: readonly LevelTotal[];
  readonly asks: readonly LevelTotal[];
}

/** A whole book at one sequence, best level first. */
export interface BookState {
  readonly sequence: number;
  readonly bids: readonly LevelTotal[];
  readonly asks: readonly LevelTotal[];
}

/** Names older than these are forgotten. */
const NAMES_KEPT = 4096;
/** Marks older than the log are of no use; this many are kept. */
const MARKS_KEPT = 256;

/** The sequence numbers over an engine's book, and the books and differences at them. */
export class SequencedBook {
  readonly #log: ChangeLog;
  readonly #sequence: UpdateSequence;
  readonly #marks: number[] = [];
  readonly #names = new Map<number, number>();
  #engine!: MatchingEngine;

  constructor(sequence: UpdateSequence, historyChanges?: number) {
    this.#sequence = sequence;
    this.#log = new ChangeLog(historyChanges);
  }

  /** Set once, by the market that makes both. */
  attach(engine: MatchingEngine): void {
    this.#engine = engine;
  }

  /** Update id of the last change. */
  get lastId(): number {
    return this.#log.lastId;
  }

  /** Books from this sequence on can be given back. */
  get oldestSequence(): number {
    return this.#log.oldestSequence;
  }

  record(side: Side, price: number, before: number): void {
    this.#log.add(this.#sequence.next(), side, price, before);
  }

  /**
   * Takes an update id that changes nothing, for a snapshot on a venue whose counter runs on between the changes of a
   * book: the next difference then starts at or before it and ends after it.
   */
  mark(): number {
    const id = this.#sequence.next();
    this.#marks.push(id);
    if (this.#marks.length > MARKS_KEPT) this.#marks.shift();
    return id;
  }

  /** Lets a number stand for the book as it is now, on a venue that counts its messages and not its changes. */
  name(number: number): void {
    this.#names.delete(number);
    this.#names.set(number, this.lastId);
    if (this.#names.size > NAMES_KEPT) this.#names.delete(this.#names.keys().next().value as number);
  }

  /** Update id of the last change in the book that a number stands for: what it was {@link name}d for, else the number itself. */
  idOf(number: number): number {
    return this.#names.get(number) ?? number;
  }

  /** What changed after `sequence`, or `undefined` when nothing did. */
  changesSince(sequence: number): BookChanges | undefined {
    if (this.lastId <= sequence) return undefined;
    const prices = { buy: new Set<number>(), sell: new Set<number>() };
    const oldest = this.#log.walkBack(sequence, (side, price) => prices[side].add(price));
    const mark = this.#marks.find((id) => id > sequence) ?? Number.POSITIVE_INFINITY;
    return {
      first: Math.min(oldest, mark),
      last: this.lastId,
      bids: totals(this.#engine.bids, prices.buy),
      asks: totals(this.#engine.asks, prices.sell),
    };
  }

  /** The best `depth` levels of each side now. */
  top(depth: number): { readonly bids: readonly LevelTotal[]; readonly asks: readonly LevelTotal[] } {
    return { bids: best(this.#engine.bids, depth), asks: best(this.#engine.asks, depth) };
  }

  /** The whole book at an earlier sequence, or at a number that it was {@link name}d by; `undefined` when that is not kept. */
  at(number: number): BookState | undefined {
    const sequence = this.idOf(number);
    if (sequence < this.oldestSequence) return undefined;
    const sides = { buy: toMap(this.#engine.bids), sell: toMap(this.#engine.asks) };
    this.#log.walkBack(sequence, (side, price, before) => {
      if (before === 0) sides[side].delete(price);
      else sides[side].set(price, before);
    });
    const bids = [...sides.buy].sort((a, b) => b[0] - a[0]);
    const asks = [...sides.sell].sort((a, b) => a[0] - b[0]);
    return { sequence: number, bids, asks };
  }
}

function totals(side: BookSide, prices: Set<number>): LevelTotal[] {
  return [...prices].sort((a, b) => a - b).map((price) => [price, side.get(price)?.total ?? 0]);
}

function best(side: BookSide, depth: number): LevelTotal[] {
  const levels: LevelTotal[] = [];
  const count = Math.min(depth, side.depth);
  for (let rank = 0; rank < count; rank++) {
    const level = side.at(rank)!;
    levels.push([level.price, level.total]);
  }
  return levels;
}

function toMap(side: BookSide): Map<number, number> {
  return new Map(best(side, side.depth));
}
