/** One allowance of a venue: so much weight per interval. */
export interface BucketSpec {
  /** Name that endpoint rows refer to, e.g. `weight`. */
  readonly id: string;
  readonly limit: number;
  readonly intervalMs: number;
  /** Response header that reports what the venue has counted, e.g. `x-mbx-used-weight-1m`. */
  readonly header?: string;
  /** Taken by every request besides its own costs: raw request counts. */
  readonly perRequest?: number;
}

/** Pieces into which an interval is cut; a spent unit comes back at most one piece late. */
const SLOTS = 512;

/**
 * Weight spent in the last interval, never less than the venue may have counted.
 *
 * A venue counts a request somewhere between its sending and its answer. So a request in flight stays on the bill, and
 * an answered one stays for a whole interval after its answer. Then no window of that length holds more than the limit,
 * wherever the venue's windows begin.
 */
export class Bucket {
  limit: number;
  /** ms since epoch until which nothing is let through. */
  pausedUntil = 0;
  readonly #slotMs: number;
  readonly #slots = new Float64Array(SLOTS + 1);
  #newest = 0;
  #settled = 0;
  #inFlight = 0;

  constructor(readonly spec: BucketSpec) {
    this.limit = spec.limit;
    this.#slotMs = spec.intervalMs / SLOTS;
  }

  used(now: number): number {
    this.#advance(now);
    return this.#settled + this.#inFlight;
  }

  /** The request goes out. */
  take(weight: number): void {
    this.#inFlight += weight;
  }

  /** The request is answered, or given up. */
  settle(weight: number, now: number): void {
    this.#inFlight -= weight;
    this.#charge(weight, now);
  }

  /** The request never left. */
  refund(weight: number): void {
    this.#inFlight -= weight;
  }

  /** The venue reports a count: others spend from the same allowance when it is above ours. */
  observe(reported: number, now: number): void {
    const unknown = reported - this.used(now);
    if (unknown > 0) this.#charge(unknown, now);
  }

  /** ms until something comes back; `undefined` while nothing is going to by time alone. */
  nextRelease(now: number): number | undefined {
    this.#advance(now);
    if (this.pausedUntil > now) return this.pausedUntil - now;
    for (let slot = this.#newest - SLOTS; slot <= this.#newest; slot++) {
      if (this.#slots[index(slot)]! > 0) return Math.max(1, (slot + 1) * this.#slotMs + this.spec.intervalMs - now);
    }
    return undefined;
  }

  #charge(weight: number, now: number): void {
    this.#advance(now);
    this.#slots[index(this.#newest)]! += weight;
    this.#settled += weight;
  }

  #advance(now: number): void {
    const slot = Math.floor(now / this.#slotMs);
    const gone = Math.min(slot - this.#newest, SLOTS + 1);
    for (let i = 1; i <= gone; i++) {
      const at = index(slot - gone + i);
      this.#settled -= this.#slots[at]!;
      this.#slots[at] = 0;
    }
    if (gone > 0) this.#newest = slot;
  }
}

/** Place of a slot in the ring; slots before the epoch's first interval count too. */
function index(slot: number): number {
  const at = slot % (SLOTS + 1);
  return at < 0 ? at + SLOTS + 1 : at;
}
