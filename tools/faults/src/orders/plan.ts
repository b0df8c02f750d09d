import type { Connector } from '@speed-protocol/core';
import type { OrderRequest } from '@speed-protocol/host';
import type { FaultSpec, Random } from '@speed-protocol/simulator';
import type { Terms } from './terms.js';

/** What happens with one order. */
export interface Step {
  readonly request: OrderRequest;
  readonly fault: PlannedFault | null;
  /** Cancelled so long after it was sent, ms. */
  readonly cancelAfterMs: number | null;
  /** Changed so long after it was sent, ms. */
  readonly amendAfterMs: number | null;
}

/** A fault, and whether it is aimed at this order or at all of the venue. */
interface PlannedFault {
  readonly spec: Omit<FaultSpec, 'venue'>;
  readonly aimed: boolean;
}

type Shape = 'resting' | 'taking' | 'any';

interface FaultRow {
  readonly weight: number;
  /** What the order has to be for the fault to strike. */
  readonly shape: Shape;
  readonly cancelled?: boolean;
  readonly aimed: boolean;
  draw(random: Random): Omit<FaultSpec, 'venue'>;
}

/** The faults of orders, and cuts; those of a whole venue are rarer. */
const FAULTS: readonly FaultRow[] = [
  { weight: 14, shape: 'any', aimed: true, draw: () => ({ kind: 'ack-lose', action: 'place' }) },
  { weight: 14, shape: 'any', aimed: true, draw: () => ({ kind: 'execute-502', action: 'place' }) },
  {
    weight: 14,
    shape: 'any',
    aimed: true,
    draw: (random) => ({ kind: 'late-ack', action: 'place', delayMs: random.integer(200, 4000) }),
  },
  { weight: 10, shape: 'any', aimed: true, draw: () => ({ kind: 'duplicate-ack', action: 'place' }) },
  { weight: 14, shape: 'taking', aimed: true, draw: () => ({ kind: 'silent-fill' }) },
  { weight: 14, shape: 'resting', cancelled: true, aimed: true, draw: () => ({ kind: 'cancel-race' }) },
  { weight: 7, shape: 'resting', cancelled: true, aimed: true, draw: () => ({ kind: 'ack-lose', action: 'cancel' }) },
  { weight: 7, shape: 'resting', cancelled: true, aimed: true, draw: () => ({ kind: 'execute-502', action: 'cancel' }) },
  { weight: 1.5, shape: 'any', aimed: false, draw: () => ({ kind: 'key-expiry' }) },
  { weight: 1.5, shape: 'any', aimed: false, draw: (random) => ({ kind: 'cut', connections: random.pick(['one', 'all']) }) },
  { weight: 2, shape: 'any', aimed: false, draw: () => ({ kind: 'cut', target: 'rest', count: 1, durationMs: 1000 }) },
  { weight: 1, shape: 'any', aimed: false, draw: drawSkew },
];

function drawSkew(random: Random): Omit<FaultSpec, 'venue'> {
  return {
    kind: 'clock-skew',
    skewMs: random.pick([-1, 1]) * random.integer(1500, 30_000),
    durationMs: random.integer(300, 1500),
  };
}

/** One order at random, with a fault or without. */
export function drawStep(random: Random, markets: readonly Terms[], connector: Connector, faulty: boolean): Step {
  const row = faulty ? drawRow(random) : null;
  const market = random.pick(markets);
  const shape = row?.shape === 'any' || !row ? random.pick(['resting', 'taking'] as const) : row.shape;
  const request = shape === 'resting' ? drawResting(random, market) : drawTaking(random, market);
  const rests = shape === 'resting' && request.timeInForce !== 'IOC';
  const amends = connector.trading?.amendOrder !== undefined && rests && !row && random.chance(0.15);
  return {
    request,
    fault: row && { spec: row.draw(random), aimed: row.aimed },
    cancelAfterMs: row?.cancelled || (rests && random.chance(0.6)) ? random.integer(0, 3000) : null,
    amendAfterMs: amends ? random.integer(50, 1000) : null,
  };
}

const WEIGHT = FAULTS.reduce((sum, { weight }) => sum + weight, 0);

function drawRow(random: Random): FaultRow {
  let left = random.next() * WEIGHT;
  for (const row of FAULTS) {
    left -= row.weight;
    if (left < 0) return row;
  }
  return FAULTS[0]!;
}

/** Far enough from the market that it mostly stays, near enough that some fill. */
function drawResting(random: Random, market: Terms): OrderRequest {
  const side = random.pick(['buy', 'sell'] as const);
  const timeInForce = random.pick(['GTC', 'GTC', 'POST_ONLY'] as const);
  const price = market.price(side, random.next() * 0.001);
  return {
    symbol: market.instrument.symbol,
    side,
    type: 'limit',
    amount: market.amount(random.integer(1, 4)),
    price,
    timeInForce,
  };
}

function drawTaking(random: Random, market: Terms): OrderRequest {
  const side = random.pick(['buy', 'sell'] as const);
  const base = { symbol: market.instrument.symbol, side, amount: market.amount(random.integer(1, 4)) };
  if (random.chance(0.4)) return { ...base, type: 'market' };
  const timeInForce = random.pick(['GTC', 'IOC', 'FOK'] as const);
  return { ...base, type: 'limit', price: market.price(side, -0.001), timeInForce };
}
