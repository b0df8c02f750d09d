import { parseArgs } from 'node:util';
import { runRecordFaults } from './run.js';

const USAGE = `npm run faults -- record [--store local|s3] [--seconds 300] [--life-ms 2000] [--seed N]

A recorder under load is killed (kill -9) every --life-ms on average, from start to kill; in between its log's disk says ENOSPC, EACCES and EIO, the disk
is really full (as root), the store fails before and after it has stored, and crawls. With --store s3 rows go to a real S3 server
(Ceph radosgw, started here) through a proxy that answers 500, cuts and delays. Then DuckDB counts the files. Passes with every
acknowledged row exactly once, every hole listed and no other, every file readable. Ends with one JSON line.
Exit code: 0 passed, 1 failed, 2 wrong arguments.`;

const OPTIONS = {
  store: { type: 'string', default: 'local' },
  seconds: { type: 'string', default: '300' },
  'life-ms': { type: 'string', default: '2000' },
  seed: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @returns the exit code */
export async function recordCommand(argv: readonly string[]): Promise<number> {
  const wrong = (message: string) => {
    console.error(`faults: ${message}\n\n${USAGE}`);
    return 2;
  };
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv);
  } catch (error) {
    return wrong((error as Error).message);
  }
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const { store } = values;
  const [seconds, lifeMs, seed] = [values.seconds, values['life-ms'], values.seed ?? `${Date.now() % 2 ** 31}`].map(Number) as [
    number,
    number,
    number,
  ];
  if (store !== 'local' && store !== 's3') return wrong(`--store must be local or s3, not "${store}"`);
  if (!(seconds > 0) || !(lifeMs > 0) || !Number.isSafeInteger(seed) || seed < 0)
    return wrong('--seconds, --life-ms and --seed must be positive numbers');
  console.log(`seed ${seed}; repeat with: npm run faults -- record --store ${store} --seed ${seed}`);
  const report = await runRecordFaults({ store, seconds, lifeMs, seed, onProgress: (text) => console.log(text) });
  for (const problem of report.problems) console.log(problem);
  console.log(JSON.stringify(report));
  return report.ok ? 0 : 1;
}

const parse = (argv: readonly string[]) => parseArgs({ args: [...argv], options: OPTIONS }).values;
