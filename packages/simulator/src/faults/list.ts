import type { Clock } from '@speed-protocol/core';
import type { Random } from '../random.js';
import type { OrderAct } from '../server/exchange.js';
import type { FaultKind, FaultSpec } from './spec.js';

/** One thing that was done. */
export interface FaultRecord {
  readonly time: number;
  readonly faultId: number;
  readonly kind: FaultKind;
  readonly venue: string;
  /** The connection, for socket faults. */
  readonly peer?: number;
  readonly topic?: string;
  /** Empty where no request was hit. */
  readonly path: string;
  /** The orders that were hit, for order faults. */
  readonly orders?: readonly OrderAct[];
}

/** A fault that waits for something to hit. */
export interface ActiveFault {
  readonly id: number;
  readonly spec: FaultSpec;
  readonly until: number;
  left: number;
}

const FOREVER = Number.POSITIVE_INFINITY;
const RECORDS_KEPT = 20_000;

/** The faults that wait, and what was done so far. */
export class FaultList {
  /** What was done, oldest first; the latest {@link RECORDS_KEPT}. */
  readonly records: FaultRecord[] = [];
  readonly #clock: Clock;
  readonly #random: Random;
  #active: ActiveFault[] = [];
  #lastId = 0;
  #hits = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Hits so far, of all kinds. */
  get hits(): number {
    return this.#hits;
  }

  get active(): readonly ActiveFault[] {
    this.#expire();
    return this.#active;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  /** @param fallback how long it lasts, or how often it hits, when the spec says neither */
  add(id: number, spec: FaultSpec, fallback: { readonly durationMs?: number; readonly count?: number }): void {
    const durationMs = spec.durationMs ?? fallback.durationMs;
    const until = durationMs === undefined ? FOREVER : this.#clock.now() + durationMs;
    this.#active.push({
      id,
      spec,
      until,
      left: spec.count ?? (durationMs === undefined ? (fallback.count ?? FOREVER) : FOREVER),
    });
  }

  /** Ends a fault. @returns false when it had ended already */
  remove(id: number): boolean {
    const before = this.#active.length;
    this.#active = this.#active.filter((fault) => fault.id !== id);
    return this.#active.length < before;
  }

  /** Ends all. What they have done stays done. */
  clear(): void {
    this.#active = [];
  }

  /** Faults of these kinds that may hit this venue and path, in the order in which they came. */
  matching(kinds: ReadonlySet<FaultKind>, venue: string, path: string): readonly ActiveFault[] {
    if (this.#active.length === 0) return [];
    return this.active.filter(
      ({ spec }) => kinds.has(spec.kind) && (spec.venue ?? venue) === venue && path.includes(spec.path ?? ''),
    );
  }

  /** Draws whether a fault hits this time, and counts it if so. */
  strikes(fault: ActiveFault): boolean {
    if (fault.left <= 0 || !this.#random.chance(fault.spec.probability ?? 1)) return false;
    fault.left--;
    return true;
  }

  record(faultId: number, kind: FaultKind, where: Omit<FaultRecord, 'time' | 'faultId' | 'kind'>): void {
    this.#hits++;
    this.records.push({ time: Math.floor(this.#clock.now()), faultId, kind, ...where });
    if (this.records.length > RECORDS_KEPT) this.records.shift();
  }

  #expire(): void {
    const now = this.#clock.now();
    if (this.#active.some((fault) => fault.left <= 0 || fault.until <= now)) {
      this.#active = this.#active.filter((fault) => fault.left > 0 && fault.until > now);
    }
  }
}
