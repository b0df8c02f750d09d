import { type Command, InvalidArgumentError } from 'commander';
import { list } from '../options.js';

/** Which part of a recording a command looks at. */
export interface SelectionOptions {
  readonly datasets?: readonly string[];
  readonly venues?: readonly string[];
  readonly symbols?: readonly string[];
  readonly from?: number;
  readonly until?: number;
}

export function selectionOptions(command: Command): Command {
  return command
    .option('--datasets <names>', 'only these datasets, comma separated', list)
    .option('--venues <ids>', 'only these venues', list)
    .option('--symbols <symbols>', 'only these unified symbols', list)
    .option('--from <time>', 'from this time on: 2026-01-31, 2026-01-31T12:00Z, or ms since 1970', instant)
    .option('--until <time>', 'up to this time, not included', instant);
}

function instant(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected a time, e.g. 2026-01-31, 2026-01-31T12:00Z, or ms since 1970');
}
