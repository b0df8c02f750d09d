export * from './options.js';
export * from './session.js';
export * from './spec.js';
export * from './topic.js';
