import { Command } from 'commander';
import type { Console } from '../console.js';
import { integer, list, reachOptions } from '../options.js';
import { endless } from '../running/until-interrupted.js';
import type { Reach } from '../venues.js';

export interface RecordOptions extends Reach {
  readonly venues: readonly string[];
  readonly symbols: readonly string[];
  readonly datasets?: readonly string[];
  readonly to: string;
  readonly spool?: string;
  readonly interval: number;
  readonly depth: number;
  readonly keepDays?: number;
  readonly segmentSeconds: number;
  readonly duration?: number;
  readonly json?: boolean;
}

const HELP = `
Rows are on the local disk within a second and survive kill -9; they move into Parquet files every other minute. While the
store is away they stay in the log. Ctrl-C ends the recording; "speed verify" proves it.
A bucket needs the S3 plugin (npm install @speed-protocol/persister-s3) and AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION;
SPEED_S3_ENDPOINT names a compatible server.
`;

/** `speed record` */
export function recordCommand(console: Console): Command {
  return reachOptions(new Command('record').description('record market data into Parquet, on disk or S3'))
    .requiredOption('--venues <ids>', 'venues, comma separated', list)
    .requiredOption('--symbols <symbols>', 'unified symbols, comma separated; each is recorded where it exists', list)
    .option(
      '--datasets <names>',
      'orderbooks,depth,trades,quotes,funding,candles,liquidations (default: all that the venue has)',
      list,
    )
    .option('--to <location>', 'a folder, or s3://bucket/prefix', './data')
    .option('--spool <folder>', "the log's folder on a local disk (default: inside a local store, else ./.speed-spool)")
    .option('--interval <ms>', 'between periodic books', integer(100), 1000)
    .option('--depth <levels>', 'levels per side of periodic books', integer(1, 5000), 10)
    .option('--keep-days <days>', 'remove rows older than this', integer(1))
    .option('--segment-seconds <seconds>', 'how often the log moves into Parquet', integer(1, 3600), 120)
    .option('--duration <seconds>', 'stop after this long', integer(1))
    .option('--json', 'progress as one JSON per line')
    .addHelpText('after', HELP)
    .action(async (options: RecordOptions) => {
      const { record } = await import('../history/record.js');
      await endless(console, () => record(console, options));
    });
}
