import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** A test waits for events, not for times: this only ends one that hangs, on the busiest machine. */
const HANGS = 300_000;

/**
 * For one package, e.g. `cd packages/wire && npx vitest`; all of them at once: vitest.config.ts.
 * Tests run on the sources: the `@speed/source` export condition needs no build of the other packages.
 */
export default defineConfig({
  resolve: { conditions: ['@speed/source'] },
  ssr: { resolve: { conditions: ['@speed/source'] } },
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
    testTimeout: HANGS,
    hookTimeout: HANGS,
    expect: { poll: { timeout: HANGS, interval: 20 } },
    pool: 'forks',
    // Files of one worker share what they import: reading the sources again for each costs as much as the tests.
    isolate: false,
    // Two more than there are cores: there are always files that wait for another process.
    maxWorkers: availableParallelism() + 2,
    passWithNoTests: true,
  },
});
