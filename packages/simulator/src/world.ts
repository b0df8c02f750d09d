import type { VirtualClock } from './clock.js';
import { DEFAULT_FLOW, type FlowOptions } from './flow/order-flow.js';
import { Diffusion } from './market/diffusion.js';
import { Random } from './random.js';
import type { World } from './venue.js';

export interface WorldOptions {
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly flow?: Partial<FlowOptions> | undefined;
  /** Book changes kept per market for the oracle; default 32,768. */
  readonly historyChanges?: number | undefined;
}

/** Deviation of an asset's log price after one second: about 80 % a year, so that a demonstration moves. */
const DEVIATION = 0.00015;

/** What all venues of one simulation share: clock, seed, and one price per asset. */
export function createWorld(options: WorldOptions): World {
  const random = new Random(options.seed);
  const start = options.clock.now();
  const indexes = new Map<string, Diffusion>();
  return {
    clock: options.clock,
    random,
    flow: { ...DEFAULT_FLOW, ...options.flow },
    historyChanges: options.historyChanges,
    index(asset) {
      let index = indexes.get(asset);
      if (!index) {
        const shape = { start, initial: 0, mean: 0, reversion: 0.0002, deviation: DEVIATION };
        index = new Diffusion(random.fork(`index/${asset}`), shape);
        indexes.set(asset, index);
      }
      return index;
    },
  };
}
