import type { Clock, Logger } from '@speed-protocol/core';
import type { SocketSpec } from './spec.js';

/** Timings of a session, in ms; the defaults suit a venue on the internet. */
export interface SessionTimings {
  readonly connectTimeoutMs: number;
  /** A request without an answer for this long is repeated. */
  readonly ackTimeoutMs: number;
  readonly backoffBaseMs: number;
  /** Longest wait after refusals: half a minute of missing market costs more than a connection attempt every 10 s. */
  readonly backoffMaxMs: number;
  /** A connection that lived this long is trusted again: the next reconnect starts from the base. */
  readonly stableAfterMs: number;
  /** Longest overlap of old and new connection in a rotation. */
  readonly overlapMs: number;
  /** A replacement for silence happens at most this often. */
  readonly rotateEveryMs: number;
  /** A connection without topics is kept this long. */
  readonly lingerMs: number;
  /** How often heartbeats, overdue answers, silence and age are looked at. */
  readonly tickMs: number;
}

export const DEFAULT_TIMINGS: SessionTimings = {
  connectTimeoutMs: 10_000,
  ackTimeoutMs: 5_000,
  backoffBaseMs: 200,
  backoffMaxMs: 10_000,
  stableAfterMs: 10_000,
  overlapMs: 20_000,
  rotateEveryMs: 60_000,
  lingerMs: 3_000,
  tickMs: 500,
};

export interface SessionOptions {
  readonly spec: SocketSpec;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1); injected so that a run repeats from its seed. */
  readonly random: () => number;
  readonly timings: SessionTimings;
}
