import { Command, InvalidArgumentError, Option } from 'commander';
import type { Console } from '../console.js';
import { type SelectionOptions, selectionOptions } from '../history/selection.js';
import { integer, port } from '../options.js';
import { endless } from '../running/until-interrupted.js';

export interface ReplayCommandOptions extends SelectionOptions {
  readonly speed?: number;
  readonly order: 'event' | 'arrival';
  readonly config?: string;
  readonly wire?: boolean;
  readonly port?: number;
  readonly streams: number;
  readonly json?: boolean;
}

const HELP = `
Prints normalised events, one JSON per line, the same bytes every time. In a program, use Replay of @speed-protocol/history: it gives
a connector that a strategy takes like a live one.
With --wire nothing is printed but addresses: the venues' own REST and WebSocket protocols on this machine, to be used as the base
URLs of any SDK. Streams and depth snapshots come from the recording, at its pace (--speed 1) unless told otherwise.
`;

/** `speed replay` */
export function replayCommand(console: Console): Command {
  const command = new Command('replay')
    .description('play a recording back')
    .argument('[location]', 'a folder, or s3://bucket/prefix', './data');
  return selectionOptions(command)
    .option('--speed <factor>', '1 is as it was, 10 ten times as fast (default: as fast as possible)', factor)
    .addOption(
      new Option('--order <order>', "event: by the venues' time; arrival: as they were received")
        .choices(['event', 'arrival'])
        .default('event'),
    )
    .option('--wire', "serve it in the venues' own wire protocols instead of printing it")
    .option('--port <number>', 'with --wire: port of the first venue, the others take the following ones', port)
    .option('--streams <number>', 'with --wire: begins when so many streams are listened to', integer(1), 1)
    .option('--config <file>', 'configuration file')
    .option('--json', 'with --wire: one JSON line when ready, one at the end; otherwise the output is JSON anyway')
    .addHelpText('after', HELP)
    .action(async (location: string, options: ReplayCommandOptions) => {
      const { replayToWire } = await import('../history/wire.js');
      const { replayRecording } = await import('../history/replay.js');
      if (options.wire) await endless(console, () => replayToWire(console, location, options));
      else await replayRecording(console, location, options);
    });
}

function factor(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('expected a number above 0');
}
