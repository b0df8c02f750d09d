import { Command } from 'commander';
import type { Console } from '../console.js';

export interface NormalizeOptions {
  readonly venue: string;
  readonly instruments?: string;
  readonly summary?: boolean;
}

const HELP = `
Input: one JSON per line, {"transport":"ws"|"rest","url","dir":"in"|"out","ts","raw"}, plain or gzip; "-" is standard input.
Output: one JSON per line and event. What the venue does not say is null; "symbol" is null until an instruments frame in
the input, or --instruments, names it. Lines that cannot be read are reported with their number, and the exit code is 1.
`;

/** `speed normalize` */
export function normalizeCommand(console: Console): Command {
  return new Command('normalize')
    .description('raw frames in, normalised events out')
    .argument('[file]', 'capture to read', '-')
    .requiredOption('--venue <id>', 'whose frames they are, e.g. binanceusdm')
    .option('--instruments <file>', 'instruments, as "speed symbols VENUE --json" prints them, or a capture that lists them')
    .option('--summary', 'print counts by type and unknown topics as one JSON instead of the events')
    .addHelpText('after', HELP)
    .action(async (file: string, options: NormalizeOptions) => {
      const { normalize } = await import('../normalize/command.js');
      await normalize(console, file, options);
    });
}
