export * from './loopback-only.js';
export * from './pointed.js';
export * from './reference-book.js';
export * from './venues.js';
