import type { OrderView } from '@speed-protocol/protocol';
import { finalOutcome } from '../outcome.js';
import { round, type Summary, summarize, tally } from '../statistics.js';
import {
  type ClientResult,
  type Market,
  type OrderResult,
  OUTCOMES,
  type Outcome,
  STAGES,
  type Stage,
  type StressOptions,
} from '../types.js';

/** Said in every report: what the time of a run is the time of. */
const CLOCK =
  'wallMs runs from the first connection attempt of the first client until the final state of the last order was known to ' +
  'its client, or time was up: connecting, placing, cancelling and waiting for the end of all clients. Choosing accounts and ' +
  'markets (setupMs), starting an own simulator and server, and reading back afterwards are not in it.';

/** What a run has shown. */
export interface StressReport {
  /** Every order has a final state, none was refused, and nothing was told that is not so. */
  readonly ok: boolean;
  readonly target: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly clients: number;
  readonly connected: number;
  readonly ordersPerClient: number;
  readonly orders: number;
  /** Orders with a final state. */
  readonly final: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Why orders are neither filled nor cancelled, most frequent first. */
  readonly causes: readonly { readonly outcome: Outcome; readonly cause: string; readonly count: number }[];
  /** ms; null when no client came that far. */
  readonly stages: Readonly<Record<Stage, Summary | null>>;
  readonly wallMs: number;
  readonly clock: string;
  readonly setupMs: number;
  /** Final states per second of the whole run. */
  readonly ordersPerSecond: number;
  /** Connections that were lost or refused and opened again. */
  readonly reconnects: number;
  readonly readBack: ReadBack;
  readonly markets: readonly Pick<Market, 'account' | 'venue' | 'symbol' | 'amount'>[];
  readonly options: { readonly cancel: boolean; readonly timeoutMs: number };
}

/** The server's record after the run, held against what clients were told. */
interface ReadBack {
  /** Orders of this run on record; null when the server could not be asked. */
  readonly recorded: number | null;
  /** Reported as not sent, rejected, expired or cancelled, but filled. */
  readonly falseFailures: number;
  /** Reported with another final state than is on record. */
  readonly contradictions: number;
  /** Recorded more than once. */
  readonly duplicates: number;
  /** Reported with a final state, but not on record. */
  readonly missing: number;
  /** Final on record, but the client was never told. */
  readonly untold: number;
}

export interface RunFacts {
  readonly options: StressOptions;
  readonly markets: readonly Market[];
  readonly startedAt: number;
  readonly setupMs: number;
  readonly wallMs: number;
  readonly clients: readonly ClientResult[];
  readonly recorded: readonly OrderView[] | null;
}

export function summarizeRun({ options, markets, startedAt, setupMs, wallMs, clients, recorded }: RunFacts): StressReport {
  const orders = clients.flatMap((client) => client.orders);
  const outcomes = countOutcomes(orders);
  const final = outcomes.filled + outcomes.canceled + outcomes.expired + outcomes.rejected;
  const readBack = compare(orders, recorded);
  const { falseFailures, contradictions, duplicates, missing, untold } = readBack;
  return {
    ok: final - outcomes.rejected === orders.length && falseFailures + contradictions + duplicates + missing + untold === 0,
    target: options.url,
    startedAt: new Date(startedAt).toISOString(),
    clients: options.clients,
    connected: clients.filter(({ connectMs }) => connectMs !== null).length,
    ordersPerClient: options.ordersPerClient ?? 1,
    orders: orders.length,
    final,
    outcomes,
    causes: countCauses(orders),
    stages: stagesOf(clients, orders),
    wallMs: round(wallMs),
    clock: CLOCK,
    setupMs: round(setupMs),
    ordersPerSecond: round((final * 1000) / wallMs),
    reconnects: clients.reduce((sum, { reconnects }) => sum + reconnects, 0),
    readBack,
    markets: markets.map(({ account, venue, symbol, amount }) => ({ account, venue, symbol, amount })),
    options: { cancel: options.cancel ?? false, timeoutMs: options.timeoutMs ?? 60_000 },
  };
}

function countOutcomes(orders: readonly OrderResult[]): Record<Outcome, number> {
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const { outcome } of orders) counts[outcome]++;
  return counts;
}

function countCauses(orders: readonly OrderResult[]): StressReport['causes'] {
  const explained = orders.filter(({ cause }) => cause !== null);
  return tally(explained.map(({ outcome, cause }) => JSON.stringify([outcome, cause]))).map(([key, count]) => {
    const [outcome, cause] = JSON.parse(key) as [Outcome, string];
    return { outcome, cause, count };
  });
}

const present = (value: number | null): value is number => value !== null;

/** Times of each stage, over all clients and orders that came through it. */
export function timesOf(stage: Stage, clients: readonly ClientResult[], orders: readonly OrderResult[]): number[] {
  const values: Readonly<Record<Stage, () => (number | null)[]>> = {
    connect: () => clients.map(({ connectMs }) => connectMs),
    place: () => orders.map(({ placeMs }) => placeMs),
    cancel: () => orders.map(({ cancelMs }) => cancelMs),
    final: () => orders.map(({ finalMs }) => finalMs),
  };
  return values[stage]().filter(present);
}

function stagesOf(clients: readonly ClientResult[], orders: readonly OrderResult[]): StressReport['stages'] {
  return Object.fromEntries(STAGES.map((stage) => [stage, summarize(timesOf(stage, clients, orders))])) as StressReport['stages'];
}

function compare(orders: readonly OrderResult[], recorded: readonly OrderView[] | null): ReadBack {
  const untold = orders.filter((order) => order.untold).length;
  if (!recorded) return { recorded: null, falseFailures: 0, contradictions: 0, duplicates: 0, missing: 0, untold };
  const byRef = new Map(recorded.map((order) => [order.ref, order]));
  const counts = { falseFailures: 0, contradictions: 0, missing: 0 };
  for (const { ref, outcome } of orders) {
    const record = byRef.get(ref);
    if (!record) counts.missing += outcome === 'error' || outcome === 'unknown' ? 0 : 1;
    else if (record.status === 'FILLED' && outcome !== 'filled' && outcome !== 'unknown') counts.falseFailures++;
    else if (outcome !== 'unknown' && finalOutcome(record) !== outcome) counts.contradictions++;
  }
  return { recorded: recorded.length, ...counts, duplicates: recorded.length - byRef.size, untold };
}
