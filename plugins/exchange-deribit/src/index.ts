export type { DeribitConfig } from './config.js';
export { default } from './manifest.js';
