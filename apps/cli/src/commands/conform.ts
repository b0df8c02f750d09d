import { Command } from 'commander';
import type { Console } from '../console.js';
import { list, seed } from '../options.js';

export interface ConformOptions {
  readonly seed?: number;
  readonly venues?: readonly string[];
  readonly only?: string;
  readonly json?: boolean;
}

/** `speed conform` */
export function conformCommand(console: Console): Command {
  return new Command('conform')
    .description('run the conformance suites of an exchange plugin against its own simulator')
    .argument('<package...>', 'folders of plugins, or names of installed packages')
    .option('--seed <number>', 'of the simulation and of everything random; default: drawn, and printed', seed)
    .option('--venues <ids>', 'only these venues', list)
    .option('--only <text>', 'only checks whose room and name contain this')
    .option('--json', 'one JSON for scripts')
    .action(async (packages: readonly string[], options: ConformOptions) => {
      const { conform } = await import('../conform/conform.js');
      await conform(console, packages, options);
    });
}
