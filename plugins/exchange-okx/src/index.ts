export type { OkxConfig } from './config.js';
export { default } from './manifest.js';
