/** Sequence numbers of one depth delta, as the venue sent them. */
export interface DeltaSequence {
  /** First update that the delta covers; NaN where the venue does not say. */
  readonly first: number;
  /** Last update that it covers: the book's sequence once applied. */
  readonly last: number;
  /** Last update of the delta before it; NaN where the venue does not say. */
  readonly previous: number;
}

/**
 * How a venue's deltas link up: a small named piece, chosen by the topic row.
 *
 * Deltas carry absolute sizes, so one that covers updates on both sides of the book's sequence may be applied: that is
 * how the first delta joins a snapshot. A rule says when a delta leaves no update out.
 */
export interface SequenceRule {
  readonly name: string;
  /** The sequence that the delta follows. */
  follows(delta: DeltaSequence): number;
  /** May the delta be the first one after a snapshot at `sequence`? Asked only when `last > sequence`. */
  joins(sequence: number, delta: DeltaSequence): boolean;
  /** May the delta be applied to a book at `sequence` in the middle of a stream? Asked only when `last > sequence`. */
  continues(sequence: number, delta: DeltaSequence): boolean;
  /**
   * Is the delta's content in a book at `sequence` already? Absent: when `last <= sequence`. Venues whose numbers may fall
   * say it themselves, and are then asked {@link continues} for any delta that does not repeat.
   */
  repeats?(sequence: number, delta: DeltaSequence): boolean;
}

/**
 * Each delta names the one before (`pu`). Between two deltas numbers may be missing: they belong to other books. So a
 * snapshot whose number lies in that space is at the state of `previous`, and the delta joins it.
 */
export const chained: SequenceRule = {
  name: 'chained',
  follows: (delta) => delta.previous,
  joins: (sequence, delta) => delta.previous <= sequence || delta.first <= sequence,
  continues: (sequence, delta) => delta.previous === sequence,
};

/**
 * As {@link chained}, on a venue whose counter may start anew in the middle of a stream: a delta whose `previous` is the
 * book's own number follows it, even if its own number is smaller.
 */
export const linked: SequenceRule = {
  ...chained,
  name: 'linked',
  repeats: (sequence, delta) => delta.previous !== sequence && delta.last <= sequence,
};

/** Every number belongs to this book: a delta covers `first..last` and follows `first - 1`. */
export const contiguous: SequenceRule = {
  name: 'contiguous',
  follows: (delta) => delta.first - 1,
  joins: (sequence, delta) => delta.first <= sequence + 1,
  continues: (sequence, delta) => delta.first <= sequence + 1,
};
