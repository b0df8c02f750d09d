export * from './order-ids.js';
export * from './outcome.js';
