export type { BybitConfig } from './config.js';
export { default } from './manifest.js';
