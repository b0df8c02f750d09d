import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import strangers from './tools/strangers/vitest.config.js';
import base from './vitest.base.js';

/** These replace modules, so that the others must not share theirs. */
const MOCKED = ['tools/faults/test/*-noticed.spec.ts'];
const STRANGERS = ['tools/strangers/{src,test}/**/*.spec.ts'];
const ALL = ['{packages,plugins,apps,tools}/*/{src,test}/**/*.spec.ts'];
const NEVER = ['**/node_modules/**', '**/dist/**'];

/** Parts of the paths of files that take longest, most of it spent waiting: begun last, they would be waited for. */
const FIRST = [
  'apps/recorder/test/s3-kill',
  'apps/cli/test/stress',
  'apps/dashboard/test/page',
  'tools/faults/test/market-faults',
  'plugins/persister-s3/test/conformance',
  'apps/cli/test/demo',
  'apps/cli/test/history',
  'packages/history/test/kill',
  'apps/recorder/test/captures',
  'tools/faults/test/order-kills',
  'apps/dashboard/test/trading',
  'tools/generators/test/',
  'tools/strangers/test/ccxt.spec',
  'apps/cli/test/sim',
  'apps/cli/test/canary',
  'apps/cli/test/trade',
  'apps/cli/test/',
  'tools/faults/test/',
  'packages/history/test/',
  '/test/conformance',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const file = path.relative(import.meta.dirname, moduleId);
  const at = FIRST.findIndex((part) => file.includes(part));
  return at === -1 ? FIRST.length : at;
};

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    // A worker serves one project: each project's files stand together.
    return sorted.toSorted((a, b) => a.project.name.localeCompare(b.project.name) || rank(a) - rank(b));
  }
}

/** Every test of the repository in one run: sources are read once, and no core waits for a package that is nearly done. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    reporters: ['default', ['json', { outputFile: path.join(import.meta.dirname, 'reports/tests.json') }]],
    projects: [
      { ...base, test: { ...base.test, name: '1 all', include: ALL, exclude: [...NEVER, ...MOCKED, ...STRANGERS] } },
      { ...base, test: { ...base.test, name: '2 mocked', include: MOCKED, exclude: NEVER, isolate: true } },
      { ...strangers, test: { ...strangers.test, name: '3 strangers', include: STRANGERS, exclude: NEVER } },
    ],
  },
});
