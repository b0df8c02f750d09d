import { type DepthEvent, type GapEvent, type Levels, levelsToPairs, type SpeedEvent } from '@speed-protocol/core';
import type { Oracle } from '@speed-protocol/simulator';

type Side = Map<number, number>;

/** A book that believes the events it is given, and is held against the simulation's own at every step. */
export class CheckedBook {
  snapshots = 0;
  deltas = 0;
  readonly gaps: string[] = [];
  /** The first thing that was wrong; empty when nothing was. */
  wrong = '';
  sequence = Number.NaN;
  private readonly bids: Side = new Map();
  private readonly asks: Side = new Map();
  private open = false;

  constructor(
    private readonly oracle: Oracle,
    private readonly venue: string,
    readonly symbol: string,
  ) {}

  get isOpen(): boolean {
    return this.open;
  }

  readonly on = (event: SpeedEvent): void => {
    if (event.type === 'gap') this.gap(event);
    else if (event.type === 'depth') this.depth(event);
    else this.wrong ||= `a ${event.type} on a depth subscription`;
  };

  private gap(event: GapEvent): void {
    if (!this.open) this.wrong ||= 'a gap on a book that had none open';
    this.open = false;
    this.gaps.push(event.reason);
  }

  private depth(event: DepthEvent): void {
    if (event.kind === 'snapshot') this.restart();
    else if (!this.open) this.wrong ||= 'a delta without a book';
    else if (event.prevSequence !== this.sequence) this.wrong ||= `a delta on ${event.prevSequence}, book at ${this.sequence}`;
    else this.deltas++;
    apply(this.bids, event.bids);
    apply(this.asks, event.asks);
    this.sequence = event.sequence as number;
    this.compare();
  }

  private restart(): void {
    if (this.open && this.snapshots > 0) this.wrong ||= 'a snapshot without a gap before it';
    this.snapshots++;
    this.open = true;
    this.bids.clear();
    this.asks.clear();
  }

  private compare(): void {
    const truth = this.oracle.book(this.venue, this.symbol, this.sequence);
    const wrong = difference(this.bids, truth.bids) || difference(this.asks, truth.asks);
    if (wrong !== '') this.wrong ||= `at ${this.sequence}: ${wrong}`;
  }
}

function apply(side: Side, levels: Levels): void {
  for (const [price, size] of levelsToPairs(levels)) {
    if (size === 0) side.delete(price);
    else side.set(price, size);
  }
}

function difference(side: Side, truth: readonly (readonly [number, number])[]): string {
  for (const [price, size] of truth) if (side.get(price) !== size) return `${price} is ${side.get(price)} instead of ${size}`;
  return side.size === truth.length ? '' : `${side.size} levels instead of ${truth.length}`;
}
