/**
 * What kind of trouble. The first row is ours, the second is the venue's answer, the third means "later",
 * the fourth means that there was no usable answer.
 */
export type ErrorKind =
  | 'config'
  | 'unsupported'
  | 'invalid-request'
  | 'unauthorized'
  | 'rejected'
  | 'not-found'
  | 'insufficient-funds'
  | 'duplicate'
  | 'clock-skew'
  | 'rate-limited'
  | 'unavailable'
  | 'timeout'
  | 'connection'
  | 'protocol'
  | 'aborted';

/** Kinds after which nobody knows whether the venue acted: an order may have arrived. */
const OUTCOME_UNKNOWN: ReadonlySet<ErrorKind> = new Set(['timeout', 'connection', 'protocol', 'aborted', 'unavailable']);

export interface SpeedErrorOptions {
  readonly venue?: string | undefined;
  /** The venue's own code, as text. */
  readonly venueCode?: string | undefined;
  /** Wait at least this long before trying again. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
  /** Overrides the rule by kind: true when it is proven that the venue did nothing (or did it). */
  readonly outcomeKnown?: boolean | undefined;
}

const BRAND = Symbol.for('speed.error');

/**
 * The one error class. Recognise it with {@link SpeedError.is}, not `instanceof`: two installed copies of this
 * package still recognise each other. The message says what is wrong, where, and what to do.
 */
export class SpeedError extends Error {
  override readonly name = 'SpeedError';
  readonly kind: ErrorKind;
  readonly venue: string | undefined;
  readonly venueCode: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** False when the request may or may not have taken effect: reconcile, never guess, never resend. */
  readonly outcomeKnown: boolean;

  constructor(kind: ErrorKind, message: string, options: SpeedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.venue = options.venue;
    this.venueCode = options.venueCode;
    this.retryAfterMs = options.retryAfterMs;
    this.outcomeKnown = options.outcomeKnown ?? !OUTCOME_UNKNOWN.has(kind);
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** True for a SpeedError of any copy of this package, optionally of one kind. */
  static is(value: unknown, kind?: ErrorKind): value is SpeedError {
    if (typeof value !== 'object' || value === null || !(BRAND in value)) return false;
    return kind === undefined || (value as unknown as SpeedError).kind === kind;
  }
}

/** The candidate nearest to `text` by edit distance, for "did you mean"; `undefined` when nothing is near. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(text.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(text.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance, or `limit` as soon as it cannot be smaller. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substituted, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return Math.min(limit, previous[b.length]!);
}
