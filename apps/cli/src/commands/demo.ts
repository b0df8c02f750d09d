import { Command } from 'commander';
import type { Console } from '../console.js';
import { integer, list, port, seed } from '../options.js';
import { endless } from '../running/until-interrupted.js';

export interface DemoOptions {
  readonly port?: number;
  readonly seed?: number;
  readonly venues?: readonly string[];
  readonly record: boolean;
  readonly to: string;
  readonly keepDays: number;
  readonly json?: boolean;
}

/** `speed demo` */
export function demoCommand(console: Console): Command {
  return new Command('demo')
    .description('simulator, server and dashboard on this machine: no keys, no network')
    .option('--port <number>', 'port of the dashboard; 0 takes a free one (default: 8765)', port)
    .option('--seed <number>', 'makes the market repeatable (default: drawn and printed)', seed)
    .option('--venues <ids>', 'venues to simulate, comma separated (default: all that are installed)', list)
    .option('--no-record', 'record nothing')
    .option('--to <location>', 'where the first symbol of every venue is recorded', './data')
    .option('--keep-days <days>', 'remove recorded rows older than this', integer(1), 1)
    .option('--json', 'one JSON line when ready')
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('../running/demo.js');
      await endless(console, () => runDemo(console, options));
    });
}
