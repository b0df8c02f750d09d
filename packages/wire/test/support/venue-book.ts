import { type Levels, levelsFromPairs, levelsToPairs } from '@speed-protocol/core';
import type { Delta, Snapshot } from '../../src/index.js';

/** Deterministic numbers in [0, 1) from a seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Side = Map<number, number>;

/** A book as a consumer keeps it: levels by price, and where it stands. */
export class PlainBook {
  readonly bids: Side = new Map();
  readonly asks: Side = new Map();
  sequence = Number.NaN;

  apply(side: 'bids' | 'asks', levels: Levels): void {
    for (const [price, size] of levelsToPairs(levels)) {
      if (size === 0) this[side].delete(price);
      else this[side].set(price, size);
    }
  }

  replace(snapshot: Pick<Snapshot, 'bids' | 'asks'>): void {
    this.bids.clear();
    this.asks.clear();
    this.apply('bids', snapshot.bids);
    this.apply('asks', snapshot.asks);
  }

  /** What differs from the levels of a snapshot; empty when nothing does. */
  difference({ bids, asks }: Pick<Snapshot, 'bids' | 'asks'>): string {
    return sideDifference('bid', this.bids, bids) || sideDifference('ask', this.asks, asks);
  }
}

function sideDifference(name: string, side: Side, levels: Levels): string {
  if (side.size !== levels.count) return `${side.size} ${name}s instead of ${levels.count}`;
  for (const [price, size] of levelsToPairs(levels)) {
    if (side.get(price) !== size) return `${name} ${price} is ${side.get(price)} instead of ${size}`;
  }
  return '';
}

/** The venue's side: a book that changes update by update, its deltas, and what it was at every number. */
export class VenueBook {
  readonly book = new PlainBook();
  /** The true book at every update that belongs to it. */
  readonly history: (Snapshot & { readonly sequence: number })[] = [];
  private sequence = 1_000;
  private lastOfBook = 1_000;

  /** @param shared updates of other books take numbers in between, as on futures */
  constructor(
    private readonly random: () => number,
    private readonly shared: boolean,
  ) {
    this.record();
  }

  /** A delta of one to four updates; sizes are those after the last of them. */
  next(): Delta {
    if (this.shared && this.random() < 0.5) this.sequence += this.int(5);
    const previous = this.lastOfBook;
    const first = this.sequence + 1;
    const touched = { bids: new Set<number>(), asks: new Set<number>() };
    for (let updates = 1 + this.int(4); updates > 0; updates--) this.update(touched);
    const bids = this.levels('bids', touched.bids);
    const asks = this.levels('asks', touched.asks);
    const delta = { first, last: this.sequence, previous, venueTime: this.sequence, receivedAt: 0, bids, asks };
    return this.shared ? delta : { ...delta, previous: Number.NaN };
  }

  /** The book as it was `age` updates ago; on shared numbers it may carry a number of the space after it. */
  snapshot(age: number): Snapshot & { readonly sequence: number } {
    const at = Math.max(0, this.history.length - 1 - age);
    const snapshot = this.history[at]!;
    const next = this.history[at + 1]?.sequence ?? this.sequence + 1;
    const slack = next - snapshot.sequence - 1;
    return slack > 0 ? { ...snapshot, sequence: snapshot.sequence + this.int(slack + 1) } : snapshot;
  }

  /** The true book at `sequence`, which may lie in the space after an update of the book. */
  at(sequence: number): Snapshot {
    const found = this.history.findLast((snapshot) => snapshot.sequence <= sequence);
    if (!found) throw new Error(`no book at ${sequence}`);
    return found;
  }

  private update(touched: { bids: Set<number>; asks: Set<number> }): void {
    const side = this.random() < 0.5 ? 'bids' : 'asks';
    const price = 100 + this.int(8) + (side === 'asks' ? 10 : 0);
    const size = this.random() < 0.3 ? 0 : 1 + this.int(9);
    if (size === 0) this.book[side].delete(price);
    else this.book[side].set(price, size);
    touched[side].add(price);
    this.sequence++;
    this.lastOfBook = this.sequence;
    this.record();
  }

  private levels(side: 'bids' | 'asks', prices: ReadonlySet<number>): Levels {
    return levelsFromPairs([...prices].map((price) => [price, this.book[side].get(price) ?? 0] as const));
  }

  private record(): void {
    const { bids, asks } = this.book;
    this.history.push({
      sequence: this.sequence,
      venueTime: null,
      receivedAt: 0,
      bids: levelsFromPairs([...bids]),
      asks: levelsFromPairs([...asks]),
    });
  }

  private int(below: number): number {
    return Math.floor(this.random() * below);
  }
}
