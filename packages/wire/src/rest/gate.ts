import { type Clock, SpeedError } from '@speed-protocol/core';
import { Bucket, type BucketSpec } from './bucket.js';

export type { BucketSpec } from './bucket.js';

/** Who goes first when the allowance is short. */
export const LANES = ['cancel', 'amend', 'place', 'read'] as const;
export type Lane = (typeof LANES)[number];

/** Share of a limit that a lane may use: the rest is kept for the lanes before it. */
const LANE_SHARE: Readonly<Record<Lane, number>> = { cancel: 1, amend: 0.99, place: 0.98, read: 0.97 };

/** Requests that may wait at one gate; more is a runaway caller. */
const MAX_WAITING = 10_000;

export interface AcquireOptions {
  readonly lane?: Lane | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Longest wait, ms; default 90,000. A longer one fails at once where it can be foreseen. */
  readonly maxWaitMs?: number | undefined;
}

/** Leave to send one request. Settle it exactly once, whatever happened. */
export interface Permit {
  /** `sent: false` gives the weight back: the request never left. `header` looks up a response header. */
  settle(outcome: { readonly sent: boolean; readonly header?: (name: string) => string | undefined }): void;
}

/** How much of each allowance is spent, for metrics. */
export interface BucketUsage {
  readonly id: string;
  readonly used: number;
  readonly limit: number;
  /** ms since epoch; 0 when not paused. */
  readonly pausedUntil: number;
}

/**
 * Lets requests through so that no interval ever holds more weight than the venue allows, higher lanes first.
 * One gate stands for one pool of the venue: see {@link sharedRateGate}.
 */
export interface RateGate {
  /** Name of the bucket that takes the weight of endpoints which name none. */
  readonly firstBucket: string;
  /**
   * Waits for its turn.
   * @throws SpeedError `rate-limited` (would wait longer than `maxWaitMs`, or too many wait), `aborted`, `config`
   * (unknown bucket, or a cost above the limit)
   */
  acquire(costs: Readonly<Record<string, number>>, options?: AcquireOptions): Promise<Permit>;
  /** The permit when it is free at once, nobody waits, and nothing is wrong; else `undefined`: then {@link acquire} says. */
  tryAcquire(costs: Readonly<Record<string, number>>, lane?: Lane): Permit | undefined;
  /** The venue said "not before": nothing goes through until then. Of one bucket, or of all. */
  pause(forMs: number, bucket?: string): void;
  /** The venue published another limit. Unknown buckets are ignored. */
  setLimit(bucket: string, limit: number): void;
  usage(): readonly BucketUsage[];
}

interface Waiter {
  readonly lane: Lane;
  readonly costs: readonly (readonly [Bucket, number])[];
  /** Lets it go, or sends it away with the error. */
  end(error?: SpeedError): void;
}

/** Makes a gate. Opens no timer until something has to wait. */
export function createRateGate(spec: { readonly buckets: readonly BucketSpec[]; readonly clock: Clock }): RateGate {
  return new Gate(spec.buckets, spec.clock);
}

const NONE: ReadonlySet<Bucket> = new Set();

class Gate implements RateGate {
  readonly firstBucket: string;
  readonly #buckets: ReadonlyMap<string, Bucket>;
  readonly #queues: Readonly<Record<Lane, Waiter[]>> = { cancel: [], amend: [], place: [], read: [] };
  readonly #clock: Clock;
  /** What fixed costs come to, so that a request on the hot path finds it ready. */
  readonly #resolved = new WeakMap<object, Waiter['costs']>();
  #waiting = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(specs: readonly BucketSpec[], clock: Clock) {
    if (specs.length === 0) throw new SpeedError('config', 'a rate gate needs at least one bucket');
    this.firstBucket = specs[0]!.id;
    this.#buckets = new Map(specs.map((spec) => [spec.id, new Bucket(spec)]));
    this.#clock = clock;
  }

  async acquire(costs: Readonly<Record<string, number>>, options: AcquireOptions = {}): Promise<Permit> {
    if (options.signal?.aborted) throw aborted();
    const lane = options.lane ?? 'read';
    const parts = this.#resolve(costs);
    const maxWaitMs = options.maxWaitMs ?? 90_000;
    this.#refuseHopeless(parts, maxWaitMs);
    await this.#turn(lane, parts, maxWaitMs, options.signal);
    return this.#permit(parts);
  }

  tryAcquire(costs: Readonly<Record<string, number>>, lane: Lane = 'read'): Permit | undefined {
    if (this.#waiting > 0) return undefined;
    const parts = this.#resolve(costs);
    if (!this.#admits(lane, parts, this.#clock.now())) return undefined;
    for (const [bucket, weight] of parts) bucket.take(weight);
    return this.#permit(parts);
  }

  pause(forMs: number, bucket?: string): void {
    const until = this.#clock.now() + forMs;
    for (const each of this.#buckets.values()) {
      if (bucket === undefined || each.spec.id === bucket) each.pausedUntil = Math.max(each.pausedUntil, until);
    }
  }

  setLimit(bucket: string, limit: number): void {
    const known = this.#buckets.get(bucket);
    if (!known || !(limit > 0)) return;
    known.limit = limit;
    this.#pump();
  }

  usage(): readonly BucketUsage[] {
    const now = this.#clock.now();
    return [...this.#buckets.values()].map((bucket) => ({
      id: bucket.spec.id,
      used: bucket.used(now),
      limit: bucket.limit,
      pausedUntil: bucket.pausedUntil > now ? bucket.pausedUntil : 0,
    }));
  }

  #resolve(costs: Readonly<Record<string, number>>): Waiter['costs'] {
    const known = this.#resolved.get(costs);
    if (known) return known;
    const parts = this.#sum(costs);
    // What is not frozen may be another the next time.
    if (Object.isFrozen(costs)) this.#resolved.set(costs, parts);
    return parts;
  }

  #sum(costs: Readonly<Record<string, number>>): Waiter['costs'] {
    const total = new Map<Bucket, number>();
    for (const bucket of this.#buckets.values()) {
      if (bucket.spec.perRequest !== undefined) total.set(bucket, bucket.spec.perRequest);
    }
    for (const [id, weight] of Object.entries(costs)) {
      const bucket = this.#buckets.get(id);
      if (!bucket)
        throw new SpeedError('config', `no bucket "${id}" at this gate; it has ${[...this.#buckets.keys()].join(', ')}`);
      total.set(bucket, (total.get(bucket) ?? 0) + weight);
    }
    return [...total];
  }

  #refuseHopeless(parts: Waiter['costs'], maxWaitMs: number): void {
    const now = this.#clock.now();
    for (const [bucket, weight] of parts) {
      if (weight > bucket.limit) {
        throw new SpeedError('config', `one request costs ${weight} of "${bucket.spec.id}", more than its limit ${bucket.limit}`);
      }
      if (bucket.pausedUntil - now > maxWaitMs) throw tooLong(bucket.pausedUntil - now);
    }
    if (this.#waiting >= MAX_WAITING) {
      throw new SpeedError('rate-limited', `${MAX_WAITING} requests already wait for the rate limit; send fewer`);
    }
  }

  #turn(lane: Lane, costs: Waiter['costs'], maxWaitMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      let waits = true;
      let stopTimer = (): void => {};
      const end = (error?: SpeedError): void => {
        waits = false;
        stopTimer();
        signal?.removeEventListener('abort', onAbort);
        this.#waiting -= 1;
        if (error) reject(error);
        else resolve();
      };
      const waiter: Waiter = { lane, costs, end };
      const onAbort = (): void => this.#drop(waiter, aborted());
      this.#waiting += 1;
      this.#queues[lane].push(waiter);
      this.#pump();
      if (!waits) return;
      stopTimer = this.#clock.schedule(maxWaitMs, () => this.#drop(waiter, tooLong(this.#wait(costs))));
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #drop(waiter: Waiter, error: SpeedError): void {
    const queue = this.#queues[waiter.lane];
    const at = queue.indexOf(waiter);
    if (at < 0) return;
    queue.splice(at, 1);
    waiter.end(error);
    this.#pump();
  }

  /** Lets through whatever may go. A bucket that a waiter is short of is closed to all who come after it. */
  #pump(): void {
    const now = this.#clock.now();
    const claimed = new Set<Bucket>();
    for (const lane of LANES) {
      const queue = this.#queues[lane];
      for (let at = 0; at < queue.length && claimed.size < this.#buckets.size; ) {
        const waiter = queue[at]!;
        if (this.#admits(waiter.lane, waiter.costs, now, claimed)) {
          queue.splice(at, 1);
          for (const [bucket, weight] of waiter.costs) bucket.take(weight);
          waiter.end();
        } else {
          for (const [bucket, weight] of waiter.costs) if (weight > 0 || bucket.pausedUntil > now) claimed.add(bucket);
          at += 1;
        }
      }
    }
    this.#arm(claimed, now);
  }

  #admits(lane: Lane, costs: Waiter['costs'], now: number, claimed: ReadonlySet<Bucket> = NONE): boolean {
    for (const [bucket, weight] of costs) {
      if (bucket.pausedUntil > now) return false;
      if (weight === 0) continue;
      if (claimed.has(bucket)) return false;
      const used = bucket.used(now);
      const fits = used + weight <= Math.floor(bucket.limit * LANE_SHARE[lane]);
      if (!fits && !(used === 0 && weight <= bucket.limit)) return false;
    }
    return true;
  }

  #arm(short: ReadonlySet<Bucket>, now: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    let soonest = Number.POSITIVE_INFINITY;
    for (const bucket of short) soonest = Math.min(soonest, bucket.nextRelease(now) ?? Number.POSITIVE_INFINITY);
    if (soonest === Number.POSITIVE_INFINITY) return;
    this.#cancelTimer = this.#clock.schedule(soonest, () => {
      this.#cancelTimer = undefined;
      this.#pump();
    });
  }

  #wait(costs: Waiter['costs']): number {
    const now = this.#clock.now();
    return Math.max(0, ...costs.map(([bucket]) => bucket.nextRelease(now) ?? 0));
  }

  #permit(parts: Waiter['costs']): Permit {
    let open = true;
    return {
      settle: ({ sent, header }) => {
        if (!open) return;
        open = false;
        const now = this.#clock.now();
        for (const [bucket, weight] of parts) {
          if (sent) bucket.settle(weight, now);
          else bucket.refund(weight);
        }
        if (header) this.#observe(header, now);
        if (this.#waiting > 0) this.#pump();
      },
    };
  }

  #observe(header: (name: string) => string | undefined, now: number): void {
    for (const bucket of this.#buckets.values()) {
      const text = bucket.spec.header === undefined ? undefined : header(bucket.spec.header);
      if (text !== undefined && /^\d+$/.test(text)) bucket.observe(Number(text), now);
    }
  }
}

function aborted(): SpeedError {
  return new SpeedError('aborted', 'aborted while waiting for the rate limit; nothing was sent', { outcomeKnown: true });
}

function tooLong(waitMs: number): SpeedError {
  return new SpeedError(
    'rate-limited',
    `the rate limit frees up in ${Math.ceil(waitMs / 1000)} s, longer than this call may wait; nothing was sent`,
    {
      retryAfterMs: waitMs,
    },
  );
}
