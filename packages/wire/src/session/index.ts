export { jsonControl, whenIdle } from './commands.js';
export * from './options.js';
export { refusedSubscription } from './refusal.js';
export * from './session.js';
export * from './spec.js';
export * from './topic.js';
