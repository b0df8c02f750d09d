export * from './loopback-only.js';
export * from './reference-book.js';
export * from './venues.js';
