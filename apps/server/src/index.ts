export type { Limits, ServerConfig, ServerInput } from './config.js';
export { createServer, type RunningServer } from './server.js';
export { SERVER_VERSION } from './version.js';
