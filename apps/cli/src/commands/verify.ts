import { Command } from 'commander';
import type { Console } from '../console.js';
import { type SelectionOptions, selectionOptions } from '../history/selection.js';

export interface VerifyOptions extends SelectionOptions {
  readonly recover: boolean;
  readonly config?: string;
  readonly json?: boolean;
}

const HELP = `
Checks that every file is there, unchanged and readable, that rows are in order and exactly once, and that between two rows nothing
is missing but what the recording itself lists. Exits with 1 otherwise. What a crash left in the log is moved into files first,
unless a recorder is at work there.
`;

/** `speed verify` */
export function verifyCommand(console: Console): Command {
  const command = new Command('verify')
    .description('prove a recording: no gap, or exactly the listed ones')
    .argument('[location]', 'a folder, or s3://bucket/prefix', './data');
  return selectionOptions(command)
    .option('--no-recover', 'leave the log of a crashed recorder alone')
    .option('--config <file>', 'configuration file')
    .option('--json', 'the report as one JSON')
    .addHelpText('after', HELP)
    .action(async (location: string, options: VerifyOptions) => {
      const { verifyRecording } = await import('../history/verify.js');
      await verifyRecording(console, location, options);
    });
}
