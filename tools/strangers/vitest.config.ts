import path from 'node:path';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.base.js';

/**
 * The guard is loaded before any client, so that no client can get past it. Clients talk a lot about connecting: of what
 * they print only our seeds are kept.
 */
export default mergeConfig(
  base,
  defineConfig({
    test: {
      setupFiles: [path.join(import.meta.dirname, 'src/loopback-only.ts')],
      onConsoleLog: (text) => text.includes('SPEED_SEED'),
    },
  }),
);
