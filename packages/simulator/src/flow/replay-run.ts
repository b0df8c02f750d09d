import { SpeedError } from '@speed-protocol/core';
import type { VirtualClock } from '../clock.js';
import type { Venue } from '../venue.js';
import type { TimedReplayEvent } from './capture.js';
import type { ReplayEvent } from './replay.js';
import { type ReplayCounts, ReplayFlow } from './replay-flow.js';

/** How far a replay is, and what it did. */
export interface ReplayProgress {
  readonly events: number;
  readonly played: number;
  /** By `venue symbol`. */
  readonly markets: Readonly<Record<string, ReplayCounts>>;
  /** Captured symbols that the simulated venue does not list, with their events. */
  readonly unlisted: Readonly<Record<string, number>>;
}

/** Plays captured events on the simulation's clock, at the pace at which they were captured. */
export class ReplayRun {
  readonly #flows = new Map<string, ReplayFlow>();
  readonly #unlisted: Record<string, number> = {};
  readonly #events: readonly TimedReplayEvent[];
  readonly #venues: ReadonlyMap<string, Venue>;
  /** Markets whose single trades were captured. */
  readonly #single = new Set<string>();
  #played = 0;

  /**
   * Opens the captured markets, without a flow of their own.
   * @throws SpeedError `config` when none of the captured symbols is listed
   */
  constructor(events: readonly TimedReplayEvent[], venues: ReadonlyMap<string, Venue>) {
    this.#events = events;
    this.#venues = venues;
    for (const { event } of events) {
      this.#open(event.venue, event.venueSymbol);
      if (event.kind === 'trade' && !event.aggregate) this.#single.add(keyOf(event.venue, event.venueSymbol));
    }
    if (this.#flows.size > 0) return;
    const captured = Object.keys(this.#unlisted).slice(0, 10).join(', ');
    throw new SpeedError('config', `the capture moves no listed market; it has ${captured}`);
  }

  get progress(): ReplayProgress {
    const markets = Object.fromEntries([...this.#flows].map(([key, { counts }]) => [key, { ...counts }]));
    return { events: this.#events.length, played: this.#played, markets, unlisted: { ...this.#unlisted } };
  }

  /** Begins now. */
  start(clock: VirtualClock): void {
    const begun = clock.now();
    const next = () => {
      const due = this.#events[this.#played];
      if (!due) return;
      clock.scheduleAt(begun + due.at, () => {
        // By the event, not by the clock: adding and subtracting the start may lose the last bit.
        this.#playUntil(due.at);
        next();
      });
    };
    next();
  }

  #playUntil(at: number): void {
    for (let due = this.#events[this.#played]; due && due.at <= at; due = this.#events[this.#played]) {
      this.#played++;
      this.#play(due.event);
    }
  }

  #play(event: ReplayEvent): void {
    const key = keyOf(event.venue, event.venueSymbol);
    if (event.kind === 'trade' && event.aggregate && this.#single.has(key)) return;
    this.#flows.get(key)?.apply(event);
  }

  #open(venue: string, venueSymbol: string): void {
    const key = keyOf(venue, venueSymbol);
    if (this.#flows.has(key)) return;
    const market = key in this.#unlisted ? undefined : this.#venues.get(venue)?.market(venueSymbol, { flow: false });
    if (market) this.#flows.set(key, new ReplayFlow(market));
    else this.#unlisted[key] = (this.#unlisted[key] ?? 0) + 1;
  }
}

function keyOf(venue: string, venueSymbol: string): string {
  return `${venue} ${venueSymbol}`;
}
