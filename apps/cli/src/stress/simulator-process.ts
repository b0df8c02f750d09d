import type { ReadyLine } from '@speed-protocol/simulator';
import { openSimulator, type SimulatorWishes } from '../running/sim.js';
import { live } from './child.js';

live<SimulatorWishes, ReadyLine>(async (wishes, untilOver) => {
  await using simulator = await openSimulator(wishes);
  await untilOver(simulator.ready);
});
