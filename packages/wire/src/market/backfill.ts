import type { MarketEvent } from '@speed-protocol/core';

/** Live events held back while REST is asked: minutes of the busiest market. */
const MAX_HELD = 20_000;

/** Puts what REST knows of a hole in front of the live events that came meanwhile. */
export class Backfill {
  private held: MarketEvent[] = [];

  /** @param positionOf the number that orders the topic's events */
  constructor(private readonly positionOf: (event: MarketEvent) => number) {}

  /** False when no more can be held: finish with what there is. */
  hold(event: MarketEvent): boolean {
    this.held.push(event);
    return this.held.length < MAX_HELD;
  }

  /** The hole's events marked as recovered and the held ones, in order, each once. */
  finish(found: readonly MarketEvent[]): readonly MarketEvent[] {
    const live = new Set(this.held.map(this.positionOf));
    const missed = found.filter((event) => !live.has(this.positionOf(event)));
    const recovered = missed.map((event): MarketEvent => ({ ...event, recovered: true }));
    return [...recovered, ...this.held].sort((a, b) => this.positionOf(a) - this.positionOf(b));
  }
}
