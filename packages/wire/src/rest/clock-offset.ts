/** What is known of the venue's clock against ours. */
export interface ClockOffset {
  /** Venue time minus local time, ms: the middle of the bounds; 0 before the first answer. */
  readonly offsetMs: number;
  /** The true offset lies between these; infinite before the first answer. */
  readonly lowerMs: number;
  readonly upperMs: number;
  /** Answers taken into account. */
  readonly samples: number;
  /** Clock steps seen: answers that contradicted all before them. */
  readonly steps: number;
  /** Our best guess of the venue's clock at local time `now`. */
  venueTime(now: number): number;
}

/** One answer: the venue's clock stood at `venueTime` (give or take `resolutionMs`, cut off) between sending and receiving. */
export interface ClockSample {
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly venueTime: number;
  /** 1 for a time in ms, 1000 for an HTTP `Date`. */
  readonly resolutionMs: number;
}

/** Two clocks drift apart by up to this much (500 ppm), so old bounds widen. */
const DRIFT = 500e-6;

/**
 * Intersects what each answer proves: the venue's clock read `venueTime` after we sent and before we received, so
 * the offset lies in an interval as wide as the round trip. An answer outside everything known is a step of one of the
 * clocks: only it counts from then on.
 */
export class ClockOffsetEstimator implements ClockOffset {
  lowerMs = Number.NEGATIVE_INFINITY;
  upperMs = Number.POSITIVE_INFINITY;
  samples = 0;
  steps = 0;
  #at = 0;

  get offsetMs(): number {
    return this.samples === 0 ? 0 : (this.lowerMs + this.upperMs) / 2;
  }

  venueTime(now: number): number {
    return now + this.offsetMs;
  }

  add(sample: ClockSample): void {
    const lower = sample.venueTime - sample.receivedAt;
    const upper = sample.venueTime + sample.resolutionMs - sample.sentAt;
    if (!(lower <= upper) || !Number.isFinite(lower) || !Number.isFinite(upper)) return;
    const widened = this.samples === 0 ? 0 : Math.abs(sample.receivedAt - this.#at) * DRIFT;
    const disjoint = lower > this.upperMs + widened || upper < this.lowerMs - widened;
    if (disjoint) this.steps += 1;
    this.lowerMs = disjoint ? lower : Math.max(lower, this.lowerMs - widened);
    this.upperMs = disjoint ? upper : Math.min(upper, this.upperMs + widened);
    this.samples += 1;
    this.#at = sample.receivedAt;
  }
}
