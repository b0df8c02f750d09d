import { OrderBook } from '@speed-protocol/book';
import { type DepthEvent, keepEvent } from '@speed-protocol/core';

/**
 * Joins a snapshot and the deltas around it as venues prescribe: keep the deltas until a snapshot comes, drop those it
 * contains, and let the first one that reaches beyond it follow it. From there on the book's own check rules.
 */
export class DepthSync {
  readonly book: OrderBook;
  snapshots = 0;
  deltas = 0;
  /** Deltas that the snapshot already contained. */
  stale = 0;
  /** Those among them that end exactly at the snapshot's sequence. */
  staleAtSnapshot = 0;
  applied = 0;
  private kept: DepthEvent[] = [];
  private joining = false;

  constructor(tickSize: string | undefined) {
    this.book = new OrderBook({ tickSize });
  }

  get isLive(): boolean {
    return this.book.status().state === 'live';
  }

  /** Deltas that waited for a snapshot which never came. */
  get waiting(): number {
    return this.kept.length;
  }

  /** @param onChange called after every event that the book took */
  take(event: DepthEvent, onChange: () => void): void {
    if (event.kind === 'snapshot') this.offer(event, onChange);
    else this.delta(event, onChange);
  }

  /** A snapshot that the stream itself sends: what came before it belongs to another connection. */
  restart(event: DepthEvent, onChange: () => void): void {
    this.snapshots++;
    this.kept = [];
    this.joining = false;
    if (this.book.applyDepth(event) === 'applied') onChange();
  }

  /** A snapshot while the book is live adds nothing; one older than the kept deltas cannot be joined to them. */
  private offer(snapshot: DepthEvent, onChange: () => void): void {
    this.snapshots++;
    if (this.isLive) return;
    const sequence = snapshot.sequence ?? Number.NEGATIVE_INFINITY;
    const newer = this.kept.find((delta) => (delta.sequence ?? 0) > sequence);
    if (newer && (newer.prevSequence ?? sequence) > sequence) return;
    if (this.book.applyDepth(snapshot) !== 'applied') return;
    const kept = this.kept;
    this.kept = [];
    this.joining = true;
    onChange();
    for (const delta of kept) this.apply(delta, onChange);
  }

  private delta(delta: DepthEvent, onChange: () => void): void {
    this.deltas++;
    if (this.isLive) this.apply(delta, onChange);
    else this.kept.push(keepEvent(delta));
  }

  private apply(delta: DepthEvent, onChange: () => void): void {
    const next = this.joining ? this.join(delta) : delta;
    if (next) this.feed(next, onChange);
  }

  /** The delta as it follows the snapshot; `undefined` when the snapshot contains it. */
  private join(delta: DepthEvent): DepthEvent | undefined {
    const { sequence } = this.book.status();
    if (sequence === null || delta.sequence === null || delta.prevSequence === null) return delta;
    if (delta.sequence <= sequence) {
      this.stale++;
      if (delta.sequence === sequence) this.staleAtSnapshot++;
      return undefined;
    }
    this.joining = false;
    return delta.prevSequence <= sequence ? { ...delta, prevSequence: sequence } : delta;
  }

  private feed(delta: DepthEvent, onChange: () => void): void {
    if (this.book.applyDepth(delta) !== 'applied') return;
    this.applied++;
    onChange();
  }
}
