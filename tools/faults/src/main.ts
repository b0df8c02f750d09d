import { parseArgs } from 'node:util';
import { runMarketFaults } from './market/run.js';
import { runKills } from './orders/kill-run.js';
import { runOrderFaults } from './orders/run.js';
import { runUsers } from './users/run.js';
import { bookVenues, chooseVenues, tradingVenues } from './world.js';

const USAGE = `npm run faults -- [market | orders | users] [--seed N] [...]

market [--venues a,b] [--faults 1000] [--symbols 20] [--every-ms 2500]: connectors of every simulated venue against the simulator, books on the
first symbols of each, faults at random: cuts, stalls, half-open connections, drops, duplicates, reorders, damaged frames,
slowness, REST errors, maintenance. Books are compared with the simulator's, level for level at equal sequence. Passes with
0 wrong books, 0 stale books shown as live, 0 lost subscriptions, and every book live at the end.

orders [--venues a,b] [--orders 10000] [--share 0.3] [--every-ms 120] [--restart-every 500] [--kills 5]: trading accounts at every simulated venue; that
share of the orders is hit by a fault: answers that are lost, late or given twice, 502 after the order was taken, fills that the
stream never tells, cancels that race a fill, expired keys, a venue whose clock is off, cut connections. Then a process of its
own trades and is killed (kill -9) again and again. Passes with 0 duplicates, 0 lost orders, 0 wrong states, fills, fees, profits,
balances and positions that equal the simulator's ledger to the last unit, all within 5 s after the last fault.

users [--steps 100000]: a real server with two users, all actions of both protocols at random, attacks on each other and cuts
included. Passes with 0 texts that speak of the other user, and every event of each told once and in order.

record [--store local|s3] [--seconds 300]: a recorder is killed again and again while its disk and its store fail. See --help there.

Ends with one JSON line. Exit code: 0 passed, 1 failed, 2 wrong arguments.`;

const OPTIONS = {
  seed: { type: 'string' },
  venues: { type: 'string' },
  faults: { type: 'string' },
  symbols: { type: 'string' },
  'every-ms': { type: 'string' },
  orders: { type: 'string' },
  share: { type: 'string' },
  'restart-every': { type: 'string' },
  kills: { type: 'string' },
  steps: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function usageError(message: string): never {
  console.error(`faults: ${message}\n\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return usageError((error as Error).message);
  }
}

// A run with options of its own.
if (process.argv[2] === 'record') {
  const { recordCommand } = await import('./record/command.js');
  process.exit(await recordCommand(process.argv.slice(3)));
}

const { values, positionals } = readArguments();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const [run = 'market', ...more] = positionals;
if (!['market', 'orders', 'users'].includes(run) || more.length > 0)
  usageError(`unknown run "${positionals.join(' ')}"; there is: market, orders, users`);

function number(
  name: Exclude<keyof typeof OPTIONS, 'help' | 'venues'>,
  fallback: number,
  { min = 1, whole = true } = {},
): number {
  const value = Number(values[name] ?? fallback);
  if (!Number.isFinite(value) || value < min || (whole && !Number.isSafeInteger(value)))
    usageError(`--${name} must be a ${whole ? 'whole ' : ''}number of at least ${min}, not "${values[name]}"`);
  return value;
}

async function venues(able: () => Promise<string[]>): Promise<readonly string[]> {
  try {
    return chooseVenues(values.venues, await able());
  } catch (error) {
    return usageError((error as Error).message);
  }
}

const seed = number('seed', Date.now() % 2 ** 31, { min: 0 });
console.log(`seed ${seed}; repeat with: npm run faults -- ${run} --seed ${seed}`);
const onProgress = (text: string) => console.log(text);
/** The process that is killed trades in real time. */
const KILLED_ORDERS = 600;

const RUNS: Readonly<Record<string, () => Promise<{ readonly ok: boolean; readonly problems: readonly string[] }>>> = {
  market: async () =>
    runMarketFaults({
      ...{ seed, onProgress, venues: await venues(bookVenues) },
      ...{ faults: number('faults', 1_000), symbols: number('symbols', 20), everyMs: number('every-ms', 2_500) },
    }),
  orders: async () => {
    const each = await venues(tradingVenues);
    const share = number('share', 0.3, { min: 0, whole: false });
    const [orders, everyMs] = [number('orders', 10_000), number('every-ms', 120)];
    const report = await runOrderFaults({
      seed,
      venues: each,
      onProgress,
      orders,
      everyMs,
      share,
      restartEvery: number('restart-every', 500),
    });
    const kills = number('kills', 5, { min: 0 });
    if (kills === 0) return report;
    const killed = await runKills({
      seed,
      venues: each,
      onProgress,
      everyMs,
      share,
      kills,
      orders: Math.min(orders, KILLED_ORDERS),
    });
    return { ...report, killed, problems: [...report.problems, ...killed.problems], ok: report.ok && killed.ok };
  },
  users: () => runUsers({ seed, onProgress, steps: number('steps', 100_000) }),
};

const report = await RUNS[run]!();
for (const problem of report.problems) console.log(problem);
console.log(JSON.stringify(report));
process.exitCode = report.ok ? 0 : 1;
