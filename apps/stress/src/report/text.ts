import { OUTCOMES, type Progress, STAGES } from '../types.js';
import type { StressReport } from './report.js';

/** The report for a terminal. */
export function renderText(report: StressReport): string {
  const { clients, orders, final, wallMs, ordersPerSecond, setupMs, outcomes, target, connected } = report;
  const counts = OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map((outcome) => `${outcomes[outcome]} ${outcome}`);
  return [
    `${report.ok ? 'OK' : 'NOT OK'}  ${final} of ${orders} orders with a final state; ${connected} of ${clients} clients connected`,
    `  ${target}  ${venuesOf(report)}`,
    `  ${counts.join(', ') || 'no orders'}`,
    ...report.causes.map(({ outcome, cause, count }) => `    ${outcome} ${count} x ${cause}`),
    '',
    stageTable(report),
    '',
    `  ${ms(wallMs)} on the clock, ${Math.round(ordersPerSecond)} orders/s; prepared in ${ms(setupMs)}; ${report.reconnects} reconnects`,
    `  ${readBackLine(report)}`,
    '',
  ].join('\n');
}

function venuesOf({ markets }: StressReport): string {
  const names = new Set(markets.map(({ venue, symbol }) => `${venue} ${symbol}`));
  return `${[...names].join(', ')} (${markets.length} accounts)`;
}

function stageTable({ stages }: StressReport): string {
  const row = (cells: readonly string[]) =>
    `  ${cells[0]!.padEnd(8)}${cells
      .slice(1)
      .map((cell) => cell.padStart(11))
      .join('')}`;
  const rows = STAGES.flatMap((stage) => {
    const summary = stages[stage];
    if (!summary) return [];
    const { count, p50, p90, p99, max } = summary;
    return [row([stage, `${count}`, ...[p50, p90, p99, max].map(ms)])];
  });
  return [row(['stage', 'count', 'p50', 'p90', 'p99', 'max']), ...rows].join('\n');
}

function readBackLine({ readBack, options }: StressReport): string {
  const { recorded, falseFailures, contradictions, duplicates, missing, untold } = readBack;
  if (recorded === null) return 'the server could not be asked for its record afterwards';
  const wrong = [
    [falseFailures, 'reported failed but filled'],
    [contradictions, 'reported with another end than recorded'],
    [duplicates, 'recorded twice'],
    [missing, 'reported but not recorded'],
    [untold, `final on record, but not told within ${ms(options.timeoutMs)}`],
  ] as const;
  const found = wrong.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `read back: ${recorded} orders on record; ${found.join(', ') || 'nothing contradicts what clients were told'}`;
}

/** `812 ms`, `12.3 s`. */
export function ms(value: number): string {
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  return value >= 100 ? `${Math.round(value)} ms` : `${value.toFixed(1)} ms`;
}

const CELLS = 30;

/** One line: what is connected, sent and done. */
export function renderProgress({ clients, connected, orders, placed, done, failed }: Progress): string {
  const full = orders === 0 ? CELLS : Math.floor((done / orders) * CELLS);
  const sent = orders === 0 ? 0 : Math.floor((placed / orders) * CELLS) - full;
  const bar = '█'.repeat(full) + '▒'.repeat(Math.max(0, sent)) + '░'.repeat(CELLS - full - Math.max(0, sent));
  return `${bar} ${done}/${orders} orders  ${connected}/${clients} clients${failed > 0 ? `  ${failed} FAILED` : ''}`;
}
