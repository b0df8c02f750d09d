import { Simulated } from '@speed-protocol/conformance/exchange';
import type { SimulatorOptions } from '@speed-protocol/simulator';
import manifest from '../../src/index.js';
import dialect from '../../src/sim/index.js';

/** This plugin's venues, as its own dialect plays them. */
export function simulate(options: Partial<SimulatorOptions> = {}): Promise<Simulated> {
  return Simulated.start({ manifest, dialect }, options);
}
