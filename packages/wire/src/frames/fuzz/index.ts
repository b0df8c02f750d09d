export { type FuzzOptions, type FuzzRow, fuzzFrame } from './fuzz.js';
export { Random } from './random.js';
export { SYNTHETIC } from './synthetic.js';
