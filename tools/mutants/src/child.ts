import { pathToFileURL } from 'node:url';
import { type CheckResult, type ExchangeUnderTest, exchangeChecks } from '@speed-protocol/conformance/exchange';
import type { ExchangeManifest } from '@speed-protocol/core';
import type { Dialect } from '@speed-protocol/simulator';

/** What a child is told. */
export interface Task {
  readonly manifest: string;
  readonly dialect: string;
  readonly seed: number;
  readonly first?: string | undefined;
  readonly venue?: string | undefined;
  /** Nothing but the first ones. */
  readonly short?: boolean | undefined;
}

/** What it found: the first check that does not hold, or none. */
export interface Finding {
  readonly checks: number;
  readonly check?: string;
  readonly failure?: string;
}

/** Runs the suites until one check does not hold: those that are hoped to notice come first. */
async function findOut(task: Task): Promise<Finding> {
  const plugin = await load(task);
  process.send?.('loaded');
  const all = exchangeChecks(plugin, { seed: task.seed }).filter(({ venue }) => task.venue === undefined || venue === task.venue);
  const isFirst = ({ room, name }: CheckResult['check']) => task.first !== undefined && `${room}: ${name}`.includes(task.first);
  let checks = 0;
  for (const check of [...all.filter(isFirst), ...(task.short ? [] : all.filter((each) => !isFirst(each)))]) {
    checks++;
    try {
      await check.run();
    } catch (error) {
      return {
        checks,
        check: `${check.venue} ${check.room}: ${check.name}`,
        failure: (error as Error).message.split('\n')[0] ?? '',
      };
    }
  }
  return { checks };
}

async function load({ manifest, dialect }: Task): Promise<ExchangeUnderTest> {
  const [one, other] = await Promise.all(
    [manifest, dialect].map((file) => import(pathToFileURL(file).href) as Promise<{ default: unknown }>),
  );
  return { manifest: one!.default as ExchangeManifest, dialect: other!.default as Dialect };
}

/** The parent ends this process when it has heard. */
const tell = (finding: Finding) => void process.send?.(finding);

process.on('message', (task: Task) => {
  findOut(task).then(tell, (error: Error) => tell({ checks: 0, check: 'loading', failure: error.message }));
});
