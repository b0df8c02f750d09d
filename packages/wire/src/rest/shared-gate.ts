import type { Clock } from '@speed-protocol/core';
import { type BucketSpec, createRateGate, type RateGate } from './gate.js';

const gates = new WeakMap<Clock, Map<string, RateGate>>();

/**
 * The gate of one pool of a venue, the same one for everybody in this process: venues count by address, and a ban
 * outlives the connector that earned it. `poolId` names venue pool and environment, e.g. `binance-futures@live`.
 */
export function sharedRateGate(poolId: string, buckets: readonly BucketSpec[], clock: Clock): RateGate {
  const byId = gates.get(clock) ?? new Map<string, RateGate>();
  gates.set(clock, byId);
  const gate = byId.get(poolId) ?? createRateGate({ buckets, clock });
  byId.set(poolId, gate);
  return gate;
}
