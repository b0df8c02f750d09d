export * from './exact.js';
export * from './funding.js';
export { type IntervalNames, inMinutes, intervalNames } from './intervals.js';
export * from './listing.js';
export * from './market-questions.js';
export * from './rest-exchange.js';
export * from './rows.js';
