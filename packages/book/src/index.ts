export * from './consolidated-book.js';
export * from './exact.js';
export * from './funding-apr.js';
export * from './live-book.js';
export * from './lot-book.js';
export * from './order-book.js';
export * from './pnl.js';
export * from './price-impact.js';
