import { type DepthEvent, type GapReason, type Levels, NO_LEVELS } from '@speed-protocol/core';
import type { Place } from '../formats.js';
import { float } from '../numbers.js';
import type { CcxtLevels, CcxtOrderBook } from '../types.js';

/** Sides as flat pairs, best first. */
type Side = Float64Array;

const EMPTY: Side = new Float64Array(0);

/** ccxt gives whole books; what changed between two of them is told on. */
export class BookChanges {
  #bids = EMPTY;
  #asks = EMPTY;
  #sequence: number | null = null;
  #venueTime: number | null = null;
  #isOpen = false;

  /** The next one is a snapshot. */
  close(): void {
    this.#isOpen = false;
  }

  /** For somebody who comes later; `undefined` before the first book and while it is stale. */
  snapshot(place: Place): DepthEvent | undefined {
    if (!this.#isOpen) return undefined;
    return this.#event(place, 'snapshot', null, whole(this.#bids), whole(this.#asks));
  }

  /** What a book brings: nothing, a change, a first state, or a hole and then a first state. */
  take(book: CcxtOrderBook, place: Place): readonly (DepthEvent | { readonly gap: GapReason })[] {
    const [bids, asks] = [flat(book.bids), flat(book.asks)];
    const sequence = book.nonce ?? null;
    const previous = this.#sequence;
    // ccxt has begun anew by itself.
    const wentBack = this.#isOpen && sequence !== null && previous !== null && sequence < previous;
    const changes = { bids: changesOf(this.#bids, bids, -1), asks: changesOf(this.#asks, asks, 1) };
    const [isOpen, isSame] = [this.#isOpen && !wentBack, changes.bids.count + changes.asks.count === 0 && sequence === previous];
    if (isOpen && isSame) return [];
    this.#bids = bids;
    this.#asks = asks;
    this.#sequence = sequence;
    this.#venueTime = book.timestamp ?? null;
    this.#isOpen = true;
    if (isOpen) return [this.#event(place, 'delta', previous, changes.bids, changes.asks)];
    const snapshot = this.#event(place, 'snapshot', null, whole(bids), whole(asks));
    return wentBack ? [{ gap: 'sequence' }, snapshot] : [snapshot];
  }

  #event(place: Place, kind: DepthEvent['kind'], prevSequence: number | null, bids: Levels, asks: Levels): DepthEvent {
    return { type: 'depth', kind, ...place, venueTime: this.#venueTime, sequence: this.#sequence, prevSequence, bids, asks };
  }
}

const whole = (values: Side): Levels => ({ values, start: 0, count: values.length / 2 });

function flat(levels: CcxtLevels): Side {
  const values = new Float64Array(2 * levels.length);
  for (let i = 0; i < levels.length; i++) {
    values[2 * i] = float(levels[i]![0]);
    values[2 * i + 1] = float(levels[i]![1]);
  }
  return values;
}

/** Levels that differ, both sides sorted best first; size 0 for those that are gone. @param sign 1 where prices rise */
function changesOf(before: Side, after: Side, sign: 1 | -1): Levels {
  const changes: number[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const order = i >= before.length ? 1 : j >= after.length ? -1 : sign * (before[i]! - after[j]!);
    if (order < 0) changes.push(before[i]!, 0);
    else if (order > 0 || before[i + 1] !== after[j + 1]) changes.push(after[j]!, after[j + 1]!);
    if (order <= 0) i += 2;
    if (order >= 0) j += 2;
  }
  return changes.length === 0 ? NO_LEVELS : whole(Float64Array.from(changes));
}
