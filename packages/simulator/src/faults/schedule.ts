import type { Clock } from '@speed-protocol/core';
import { Random } from '../random.js';
import type { Faults } from './faults.js';
import { type FaultKind, type FaultSpec, isOrderFault } from './spec.js';

/** Faults at random, from a seed. */
export interface FaultSchedule {
  readonly seed: number;
  /** Mean time between faults, ms. */
  readonly everyMs: number;
  /** Drawn from these; default all that a client can heal from within seconds. */
  readonly kinds?: readonly FaultKind[] | undefined;
  /** Venues to hit, drawn per fault; default all at once are possible targets. */
  readonly venues?: readonly string[] | undefined;
  /** Longest stall, slowness, outage, ms. Default 2,000. */
  readonly longestMs?: number | undefined;
}

const DEFAULT_KINDS: readonly FaultKind[] = [
  'cut',
  'close',
  'half-open',
  'stall',
  'drop',
  'duplicate',
  'reorder',
  'corrupt',
  'slow',
  'http',
];
const STATUSES = [429, 500, 502, 503, 504];

/** Draws one fault. */
export function drawFault(random: Random, schedule: Omit<FaultSchedule, 'seed' | 'everyMs'>): FaultSpec {
  const kind = random.pick(schedule.kinds ?? DEFAULT_KINDS);
  const durationMs = random.integer(100, schedule.longestMs ?? 2000);
  const venue = schedule.venues ? random.pick(schedule.venues) : undefined;
  switch (kind) {
    case 'cut':
    case 'close':
    case 'half-open':
      return { kind, venue, connections: 'one' };
    case 'stall':
      return { kind, venue, connections: 'one', durationMs };
    case 'slow':
      return { kind, venue, durationMs, delayMs: random.integer(10, 300) };
    case 'http':
      return { kind, venue, count: random.integer(1, 3), status: random.pick(STATUSES) };
    case 'hang':
      return { kind, venue, count: 1 };
    case 'maintenance':
      return { kind, venue, durationMs };
    case 'clock-skew':
      return { kind, venue, durationMs, skewMs: random.integer(-8000, 8000) };
    case 'slow-ack':
      return { kind, venue, durationMs, delayMs: random.integer(10, 1000) };
    case 'key-expiry':
      return { kind, venue };
    case 'late-ack':
      return { kind, venue, count: random.integer(1, 3), delayMs: random.integer(10, 2000) };
    default:
      if (isOrderFault(kind)) return { kind, venue, count: random.integer(1, 3) };
      return { kind, venue, topic: 'depth', count: random.integer(1, 3) };
  }
}

/** Injects faults at random instants. @returns a function that stops; what is active stays until it ends by itself */
export function runSchedule(faults: Faults, clock: Clock, schedule: FaultSchedule): () => void {
  const random = new Random(schedule.seed, 'faults');
  let cancel = () => {};
  const next = () => {
    cancel = clock.schedule(random.exponential(schedule.everyMs), () => {
      faults.inject(drawFault(random, schedule));
      next();
    });
  };
  next();
  return () => cancel();
}
