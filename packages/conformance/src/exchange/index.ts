export { ROOMS, type Room } from './check.js';
export { type CheckOptions, type ExchangeCheck, exchangeChecks } from './checks.js';
export {
  type CheckResult,
  type ConformanceOptions,
  type ConformanceReport,
  type MeasuredMatrix,
  matrixOf,
  runConformance,
} from './run.js';
export { Simulated } from './simulated.js';
export { type ExchangeUnderTest, turn } from './world.js';
