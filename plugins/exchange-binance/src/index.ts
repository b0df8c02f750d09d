export type { BinanceConfig, Environment } from './config.js';
export { default } from './manifest.js';
