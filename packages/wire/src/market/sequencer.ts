import { copyLevels, type GapReason, type Levels } from '@speed-protocol/core';
import type { DeltaSequence, SequenceRule } from './rules.js';

/** A delta as the handler hands it over: levels are views. */
export interface Delta extends DeltaSequence {
  readonly venueTime: number | null;
  readonly receivedAt: number;
  readonly bids: Levels;
  readonly asks: Levels;
}

/** A whole book; levels may be views. */
export interface Snapshot {
  readonly sequence: number | null;
  readonly venueTime: number | null;
  readonly receivedAt: number;
  readonly bids: Levels;
  readonly asks: Levels;
}

/** Where a sequencer's findings go. `previous` is the sequence that the book is at. */
export interface SequencerSink {
  snapshot(snapshot: Snapshot): void;
  delta(delta: Delta, previous: number): void;
  /** The chain has ended: a new state is needed. */
  gap(reason: GapReason): void;
  /** The chain has ended, and the new state is at hand. */
  restarted(): void;
}

/** Deltas kept while a snapshot is fetched: minutes of the busiest book. */
const MAX_BUFFERED = 20_000;

/**
 * Turns a stream of deltas and the snapshots offered to it into a chain without holes: a snapshot, then every delta after
 * it. A hole ends the chain with a gap; nothing is emitted again until a snapshot joins the deltas kept since.
 */
export class DepthSequencer {
  /** The book's sequence; NaN until there is one. */
  last = Number.NaN;
  state: 'syncing' | 'live' = 'syncing';
  private buffer: Delta[] = [];
  /** The next delta is the first after a snapshot. */
  private joining = true;

  constructor(
    private readonly rule: SequenceRule,
    private readonly sink: SequencerSink,
  ) {}

  /** @returns true when the book moved on, or is on its way to (kept for the snapshot that comes) */
  delta(delta: Delta): boolean {
    if (this.state === 'syncing') return this.keep(delta);
    if (this.repeats(this.last, delta)) return false;
    // A sign of life: it follows the book and ends where it stands.
    if (delta.last === this.last) return true;
    const { rule } = this;
    if (this.joining ? rule.joins(this.last, delta) : rule.continues(this.last, delta)) {
      this.apply(delta);
      return true;
    }
    this.lose('sequence');
    return this.keep(delta);
  }

  /**
   * Offers a snapshot. Ignored when the chain is whole.
   * @returns false when it is older than the deltas kept: fetch another
   */
  offer(snapshot: Snapshot & { readonly sequence: number }): boolean {
    if (this.state === 'live') return true;
    const next = this.buffer.findIndex((delta) => delta.last > snapshot.sequence);
    const first = this.buffer[next];
    if (first && !this.rule.joins(snapshot.sequence, first)) return false;
    const rest = next < 0 ? [] : this.buffer.slice(next);
    this.start(snapshot.sequence);
    this.sink.snapshot(snapshot);
    for (const delta of rest) this.apply(delta);
    return true;
  }

  /** A snapshot that the stream itself sends: it replaces the book whatever came before, unless it is a repeated one. */
  replace(snapshot: Snapshot): void {
    if (this.state === 'live') {
      if (snapshot.sequence === this.last) return;
      this.sink.restarted();
    }
    this.start(snapshot.sequence ?? Number.NaN);
    this.sink.snapshot(snapshot);
  }

  /** Begins with a snapshot that the stream has sent earlier, and goes on with what has been kept since. */
  begin(snapshot: Snapshot): void {
    const kept = this.buffer;
    this.replace(snapshot);
    for (const delta of kept) this.delta(delta);
  }

  /** Continues a chain that another connection brought to `sequence`, with what has been kept since: no snapshot needed. */
  adopt(sequence: number): void {
    const kept = this.buffer;
    this.start(sequence);
    for (const delta of kept) this.delta(delta);
  }

  /** Ends the chain; emits the gap if there was one to end. */
  lose(reason: GapReason): void {
    const wasLive = this.state === 'live';
    this.state = 'syncing';
    this.buffer = [];
    if (wasLive) this.sink.gap(reason);
  }

  private repeats(sequence: number, delta: Delta): boolean {
    return this.rule.repeats ? this.rule.repeats(sequence, delta) : delta.last <= sequence;
  }

  private start(sequence: number): void {
    this.state = 'live';
    this.last = sequence;
    this.joining = true;
    this.buffer = [];
  }

  private apply(delta: Delta): void {
    const previous = this.last;
    this.last = delta.last;
    this.joining = false;
    this.sink.delta(delta, previous);
  }

  /** Keeps a copy if it follows what is kept; a hole in what is kept makes the older part worthless. */
  private keep(delta: Delta): boolean {
    const newest = this.buffer.at(-1);
    if (newest && this.repeats(newest.last, delta)) return false;
    if (newest && !this.rule.continues(newest.last, delta)) this.buffer = [];
    if (this.buffer.length >= MAX_BUFFERED) this.buffer = [];
    const { first, last, previous, venueTime, receivedAt } = delta;
    this.buffer.push({
      first,
      last,
      previous,
      venueTime,
      receivedAt,
      bids: copyLevels(delta.bids),
      asks: copyLevels(delta.asks),
    });
    return true;
  }
}
