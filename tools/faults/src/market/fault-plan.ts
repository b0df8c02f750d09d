import { drawFault, type FaultKind, type FaultSpec, type Random } from '@speed-protocol/simulator';

/** All that a client can heal from by itself; `maintenance` and `hang` take their time. */
const KINDS: readonly FaultKind[] = [
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
  'hang',
  'maintenance',
];
/** Longest stall, slowness, outage, ms. */
const LONGEST_MS = 2_000;
/** Share of the faults that hit requests with what is otherwise for sockets. */
const REST_SHARE = 0.08;

/**
 * A fault that waits for a message or a request gives up after this long, ms. Without it they would pile up while a venue
 * is out of reach, and each attempt to come back would meet one of them.
 */
const WAITING_MS = 3_000;

/** One fault at random, on one venue. */
export function drawMarketFault(random: Random, venues: readonly string[]): FaultSpec {
  const fault = random.chance(REST_SHARE)
    ? drawRestFault(random, random.pick(venues))
    : drawFault(random, { kinds: KINDS, venues, longestMs: LONGEST_MS });
  return { ...fault, durationMs: fault.durationMs ?? WAITING_MS };
}

function drawRestFault(random: Random, venue: string): FaultSpec {
  if (random.chance(0.5)) return { kind: 'cut', target: 'rest', venue, count: random.integer(1, 3) };
  return { kind: 'slow', target: 'rest', venue, durationMs: LONGEST_MS, delayMs: random.integer(50, 1_000) };
}
