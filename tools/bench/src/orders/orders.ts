import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { bareContestant } from './bare.js';
import { ccxtContestant } from './ccxt.js';
import type { Contestant } from './contestant.js';
import { cpuCost } from './cpu.js';
import { journalCost } from './journal.js';
import { burst, median, p50, round } from './measure.js';
import { speedContestant } from './speed.js';

/** One case, us. `limit_us` is what the machine allows: a bare socket, a bare pool, the signature alone. */
interface OrdersRow {
  readonly case: string;
  readonly speed_us: number;
  readonly ccxt_us: number | null;
  readonly limit_us: number | null;
}

export interface OrdersReport {
  readonly bench: 'orders';
  readonly rows: readonly OrdersRow[];
}

export interface OrdersOptions {
  readonly rounds: number;
  readonly onRound?: (text: string) => void;
}

const SEQUENCE = 100;
const BURST = 200;
/** As the connector has. */
const CONNECTIONS = 8;

/** One round of a case: a time for each contestant. */
const CASES: Readonly<Record<string, (of: readonly Contestant[]) => Promise<Readonly<Record<string, number>>>>> = {
  'p50 order socket': (of) => p50(SEQUENCE, byName(of, 'socket')),
  'p50 REST': (of) => p50(SEQUENCE, byName(of, 'rest')),
  'burst 200 order socket': (of) => bursts(byName(of, 'socket')),
  'burst 200 REST': (of) => bursts(byName(of, 'rest')),
};

function byName(contestants: readonly Contestant[], way: 'socket' | 'rest'): Record<string, () => Promise<unknown>> {
  return Object.fromEntries(contestants.map((each) => [each.name, () => each[way]()]));
}

async function bursts(things: Readonly<Record<string, () => Promise<unknown>>>): Promise<Record<string, number>> {
  const times: Record<string, number> = {};
  for (const [name, run] of Object.entries(things)) times[name] = await burst(BURST, run);
  return times;
}

/** Orders to a venue on loopback that takes everything, by this project, by ccxt, and by nothing but a socket and a pool. */
export async function ordersBench(options: OrdersOptions): Promise<OrdersReport> {
  const venue = fork(fileURLToPath(new URL('./venue.js', import.meta.url)), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const [port] = (await once(venue, 'message')) as [number];
    const origin = `http://127.0.0.1:${port}`;
    const travel = await travelTimes(origin, options);
    const cpu = await cpuCost(origin);
    const [plain, strict] = [await journalCost(false), await journalCost(true)];
    const rows = [
      row('cpu build+sign', cpu.build.speed, cpu.build.ccxt, cpu.build.limit),
      row('cpu whole order, answer included', cpu.whole.speed, cpu.whole.ccxt, cpu.whole.limit),
      ...travel,
      row('journal 1 intent', plain.alone),
      row('journal 1 of 200 intents at once', plain.inBurst),
      row('journal 1 intent, strict', strict.alone),
      row('journal 1 of 200 intents at once, strict', strict.inBurst),
    ];
    return { bench: 'orders', rows };
  } finally {
    venue.disconnect();
  }
}

async function travelTimes(origin: string, { rounds, onRound }: OrdersOptions): Promise<OrdersRow[]> {
  const contestants = [await speedContestant(origin), await ccxtContestant(origin), await bareContestant(origin, CONNECTIONS)];
  const times = new Map<string, number[]>();
  for (let n = 0; n <= rounds; n++) {
    for (const [name, measure] of Object.entries(CASES)) {
      for (const each of contestants) each.newPeriod?.();
      const round = await measure(contestants);
      // The first round only warms up.
      if (n > 0)
        for (const [who, us] of Object.entries(round)) times.set(`${name} ${who}`, [...(times.get(`${name} ${who}`) ?? []), us]);
    }
    if (n > 0) onRound?.(`round ${n} of ${rounds}`);
  }
  for (const each of contestants) await each[Symbol.asyncDispose]();
  const of = (name: string) => median(times.get(name)!);
  return Object.keys(CASES).map((name) => row(name, of(`${name} speed`), of(`${name} ccxt`), of(`${name} bare`)));
}

function row(name: string, speed: number, ccxt: number | null = null, limit: number | null = null): OrdersRow {
  return { case: name, speed_us: round(speed), ccxt_us: ccxt && round(ccxt), limit_us: limit && round(limit) };
}

export function describeOrders({ rows }: OrdersReport): string {
  return rows
    .map(({ case: name, speed_us, ccxt_us, limit_us }) => {
      const against = [
        ccxt_us === null ? '' : `ccxt ${ccxt_us} us (${(ccxt_us / speed_us).toFixed(1)}x)`,
        limit_us === null ? '' : `the least possible ${limit_us} us (${(speed_us / limit_us).toFixed(2)}x of it)`,
      ];
      return `${name.padEnd(42)} ${String(speed_us).padStart(10)} us   ${against.filter(Boolean).join(', ')}`;
    })
    .join('\n');
}
