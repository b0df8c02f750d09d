import { createRequire } from 'node:module';

/** Of this package, as its package.json says. */
export const SERVER_VERSION: string = (createRequire(import.meta.url)('../package.json') as { version: string }).version;
