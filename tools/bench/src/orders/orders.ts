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

/**
 * One case, us. `ccxt_us` is always ccxt's `createOrder`, its default way to place an order, which goes over REST;
 * `ccxt_ws_us` its own order socket, `createOrderWs`. `limit_us` is what the machine allows: a bare socket, a bare pool, the
 * signature alone.
 */
interface OrdersRow {
  readonly case: string;
  readonly speed_us: number;
  readonly ccxt_us: number | null;
  readonly limit_us: number | null;
  readonly ccxt_ws_us?: number;
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
/** Until code is compiled for good: some thousand orders. */
const WARMUP = 5;
/** As the connector has. */
const CONNECTIONS = 8;

interface Contestants {
  readonly speed: Contestant;
  readonly ccxt: Contestant;
  readonly bare: Contestant;
}

type Way = 'socket' | 'rest';
type Run = () => Promise<unknown>;
type Times = Readonly<Record<string, number>>;

/** One round of a case: a time for each contestant. */
const CASES: Readonly<Record<string, (of: Contestants) => Promise<Times>>> = {
  'p50 order socket': (of) => sequences(of, 'socket'),
  'p50 REST': (of) => sequences(of, 'rest'),
  'burst 200 order socket': (of) => bursts({ ...limited(of, 'socket'), ...rivals(of, 'socket') }),
  'burst 200 REST': (of) => bursts({ ...limited(of, 'rest'), ...rivals(of, 'rest') }),
};

function limited({ speed, bare }: Contestants, way: Way): Record<string, Run> {
  return { speed: () => speed[way](), bare: () => bare[way]() };
}

/** The rival's default way, whatever ours is, and besides it the same way as ours. */
function rivals({ ccxt }: Contestants, way: Way): Record<string, Run> {
  return { ccxt: () => ccxt.rest(), ...(way === 'socket' && { 'ccxt socket': () => ccxt.socket() }) };
}

/**
 * We and the limit by turns, so that both find the machine in the same state. The rival in a sequence of its own: between any two
 * orders of ours it would leave us its garbage and cold caches, which nobody's orders have to live with.
 */
async function sequences(of: Contestants, way: Way): Promise<Times> {
  const times = { ...(await p50(SEQUENCE, limited(of, way))) };
  for (const [name, run] of Object.entries(rivals(of, way))) Object.assign(times, await p50(SEQUENCE, { [name]: run }));
  return times;
}

async function bursts(runs: Readonly<Record<string, Run>>): Promise<Times> {
  const times: Record<string, number> = {};
  for (const [name, run] of Object.entries(runs)) times[name] = await burst(BURST, run);
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
  const of: Contestants = {
    speed: await speedContestant(origin),
    ccxt: await ccxtContestant(origin),
    bare: await bareContestant(origin, CONNECTIONS),
  };
  const times = new Map<string, number[]>();
  // The first rounds only warm up.
  for (let n = 1 - WARMUP; n <= rounds; n++) {
    for (const [name, measure] of Object.entries(CASES)) {
      of.speed.newPeriod?.();
      const round = await measure(of);
      if (n > 0) for (const [who, us] of Object.entries(round)) note(times, `${name} ${who}`, us);
    }
    if (n > 0) onRound?.(`round ${n} of ${rounds}`);
  }
  for (const each of Object.values(of)) await each[Symbol.asyncDispose]();
  return Object.keys(CASES).map((name) => travelRow(name, times));
}

function note(times: Map<string, number[]>, name: string, us: number): void {
  times.set(name, [...(times.get(name) ?? []), us]);
}

function travelRow(name: string, times: ReadonlyMap<string, readonly number[]>): OrdersRow {
  const of = (who: string) => median(times.get(`${name} ${who}`)!);
  const found = row(name, of('speed'), of('ccxt'), of('bare'));
  return times.has(`${name} ccxt socket`) ? { ...found, ccxt_ws_us: round(of('ccxt socket')) } : found;
}

function row(name: string, speed: number, ccxt: number | null = null, limit: number | null = null): OrdersRow {
  return { case: name, speed_us: round(speed), ccxt_us: ccxt && round(ccxt), limit_us: limit && round(limit) };
}

/** For people: one line per case. */
export function describeOrders({ rows }: OrdersReport): string {
  return rows.map((each) => `${each.case.padEnd(42)} ${String(each.speed_us).padStart(10)} us   ${against(each)}`).join('\n');
}

function against({ speed_us, ccxt_us, ccxt_ws_us, limit_us }: OrdersRow): string {
  const rival = (name: string, us: number | null | undefined) => us && `${name} ${us} us (${(us / speed_us).toFixed(1)}x)`;
  const limit = limit_us && `the least possible ${limit_us} us (${(speed_us / limit_us).toFixed(2)}x of it)`;
  return [rival('createOrder', ccxt_us), rival('createOrderWs', ccxt_ws_us), limit].filter(Boolean).join(', ');
}
