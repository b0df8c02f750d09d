export * from './exact.js';
export * from './funding.js';
export { type IntervalNames, intervalNames } from './intervals.js';
export * from './listing.js';
export * from './rest-exchange.js';
export * from './rows.js';
