import { histogram } from '../statistics.js';
import { type ClientResult, type OrderResult, STAGES, type Stage } from '../types.js';
import { timesOf } from './report.js';
import { bar, chart, dots, stepped, xLinear, xLog, yLinear } from './svg.js';
import { ms } from './text.js';

const BUCKETS = 40;
/** Points of a line at most: a chart has no more pixels. */
const POINTS = 600;

const tick = (value: number): string => (value >= 1000 ? `${value / 1000} s` : `${Number(value.toPrecision(2))} ms`);
const whole = (value: number): string => `${value}`;

interface Chart {
  readonly title: string;
  readonly note: string;
  readonly svg: string;
}

/** Every chart of a run. */
export function chartsOf(clients: readonly ClientResult[]): Chart[] {
  const orders = clients.flatMap((client) => client.orders);
  return [
    progressChart(clients, orders),
    percentileChart(clients, orders),
    ...histograms(clients, orders),
    scatter(orders),
  ].filter(({ svg }) => svg !== '');
}

/** How many were connected, answered and final, over the time of the run. */
function progressChart(clients: readonly ClientResult[], orders: readonly OrderResult[]): Chart {
  const lines = [
    ['connect', timesOf('connect', clients, orders)],
    ['place', ends(orders, 'placeMs')],
    ['final', ends(orders, 'finalMs')],
  ] as const;
  const all = lines.flatMap(([, times]) => times);
  const title = 'Progress';
  if (all.length === 0) return { title, note: '', svg: '' };
  const x = xLinear(Math.max(...all));
  const y = yLinear(Math.max(...lines.map(([, times]) => times.length)));
  const content = lines.map(([name, times]) => stepped(counted(times), x, y, name)).join('');
  const axes = { x, y, xLabel: 'since the run began', yLabel: 'count', writeX: tick, writeY: whole };
  return { title, note: `${keys(lines.map(([name]) => name))} over time`, svg: chart(axes, content) };
}

function ends(orders: readonly OrderResult[], time: 'placeMs' | 'finalMs'): number[] {
  return orders.flatMap((order) => (order[time] === null ? [] : [order.sentAt + order[time]]));
}

/** How many times were up to a time, as points. */
function counted(times: readonly number[]): [number, number][] {
  const sorted = times.toSorted((a, b) => a - b);
  return thin([[0, 0], ...sorted.map((time, at): [number, number] => [time, at + 1])]);
}

function thin<T>(points: readonly T[]): T[] {
  const every = Math.max(1, Math.ceil(points.length / POINTS));
  return points.filter((_, at) => at % every === 0 || at === points.length - 1);
}

/** Which part of each stage took at most how long. */
function percentileChart(clients: readonly ClientResult[], orders: readonly OrderResult[]): Chart {
  const lines = STAGES.map((stage) => [stage, timesOf(stage, clients, orders).toSorted((a, b) => a - b)] as const);
  const all = lines.flatMap(([, times]) => times);
  const title = 'Latency';
  if (all.length === 0) return { title, note: '', svg: '' };
  const x = xLog(Math.max(0.1, Math.min(...all)), Math.max(...all));
  const y = yLinear(100);
  const content = lines.map(([stage, times]) => stepped(shares(times), x, y, stage)).join('');
  const axes = { x, y, xLabel: 'at most', yLabel: '%', writeX: tick, writeY: whole };
  const seen = lines.filter(([, times]) => times.length > 0).map(([stage]) => stage);
  return { title, note: `${keys(seen)}: share that took at most that long`, svg: chart(axes, content) };
}

const shares = (sorted: readonly number[]): [number, number][] =>
  thin(sorted.map((time, at): [number, number] => [time, ((at + 1) / sorted.length) * 100]));

function histograms(clients: readonly ClientResult[], orders: readonly OrderResult[]): Chart[] {
  return STAGES.map((stage) => {
    const buckets = histogram(timesOf(stage, clients, orders), BUCKETS);
    const title = `Stage: ${stage}`;
    if (buckets.length === 0) return { title, note: '', svg: '' };
    const x = xLog(buckets[0]!.from, buckets.at(-1)!.to);
    const y = yLinear(Math.max(...buckets.map(({ count }) => count)));
    const bars = buckets.map(({ from, to, count }) => bar(from, to, count, x, y, `${count} in ${ms(from)} to ${ms(to)}`));
    const axes = { x, y, xLabel: 'time', yLabel: 'count', writeX: tick, writeY: whole };
    return { title, note: NOTES[stage], svg: chart(axes, `<g class="${stage}">${bars.join('')}</g>`) };
  });
}

const NOTES: Readonly<Record<Stage, string>> = {
  connect: 'first attempt to session begun',
  place: 'sent to answered by the server',
  cancel: 'cancel sent to answered by the server',
  final: 'order sent to final state known',
};

/** Each order by when it was sent and how long it took: shows whether the run slowed down. */
function scatter(orders: readonly OrderResult[]): Chart {
  const points = orders.flatMap(({ sentAt, finalMs }) => (finalMs === null ? [] : [[sentAt, finalMs] as const]));
  const title = 'Orders';
  if (points.length === 0) return { title, note: '', svg: '' };
  const x = xLinear(Math.max(...points.map(([sent]) => sent)));
  const y = yLinear(Math.max(...points.map(([, took]) => took)));
  const axes = { x, y, xLabel: 'sent at', yLabel: 'final', writeX: tick, writeY: tick };
  return {
    title,
    note: 'each order: when it was sent, how long until its final state',
    svg: chart(axes, dots(thin(points), x, y, 'final')),
  };
}

const keys = (names: readonly string[]): string => names.map((name) => `<b class="${name}">${name}</b>`).join(' · ');
