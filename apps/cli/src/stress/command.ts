import { writeFile } from 'node:fs/promises';
import { renderHtml, renderText, runStress, type StressOptions } from '@speed-protocol/stress';
import type { StressCommandOptions } from '../commands/stress.js';
import { type Console, note, printJson, write } from '../console.js';
import { ReportedFailure, UsageError } from '../failure.js';
import { ProgressBar } from './progress-bar.js';
import { startSystem } from './system.js';

/** What is simulated unless told otherwise: one venue, the one with the most generous limits on orders. */
const VENUES = ['binanceusdm'];
/** Orders per account of an own simulator: below the strictest limit of a venue within ten seconds. */
const ORDERS_PER_ACCOUNT = 90;
/** Opening more at once takes more than the venue answers in a minute. */
const MOST_ACCOUNTS = 15;

/** Runs the load, prints what became of it. @throws ReportedFailure when not every order ended well */
export async function stress(console: Console, options: StressCommandOptions): Promise<void> {
  if (options.target !== undefined && (options.seed ?? options.fault) !== undefined)
    throw new UsageError('--seed and --fault are for an own simulator; leave them out, or leave out --target');
  if (options.target !== undefined) return run(console, options, { url: options.target });
  const { clients, orders, venue = VENUES } = options;
  const began = performance.now();
  const accounts = Math.ceil((clients * orders) / venue.length / ORDERS_PER_ACCOUNT);
  await using system = await startSystem({
    venues: venue,
    seed: options.seed,
    fault: options.fault,
    accounts: Math.min(MOST_ACCOUNTS, accounts),
  });
  await run(console, options, { url: system.url, systemMs: Math.round(performance.now() - began), seed: system.seed });
}

interface Target {
  readonly url: string;
  /** What it took to start an own system. */
  readonly systemMs?: number;
  readonly seed?: number;
}

async function run(console: Console, options: StressCommandOptions, { url, ...system }: Target): Promise<void> {
  const bar = new ProgressBar(console);
  const result = await runStress(stressOptions(console, options, url, bar)).finally(() => bar.end());
  if (options.html !== undefined) await writeFile(options.html, renderHtml(result));
  if (options.json) await printJson(console, { ...result.report, ...system });
  else await write(console, renderText(result.report));
  if (options.html !== undefined) note(console, `charts: ${options.html}`);
  if (!result.report.ok) throw new ReportedFailure('not every order ended well');
}

function stressOptions({ signal }: Console, options: StressCommandOptions, url: string, bar: ProgressBar): StressOptions {
  return {
    url,
    token: process.env['SPEED_TOKEN'],
    clients: options.clients,
    ordersPerClient: options.orders,
    cancel: options.cancel,
    timeoutMs: options.timeout * 1000,
    venues: options.venue,
    accounts: options.account,
    symbol: options.symbol,
    allowLive: options.live,
    onProgress: (progress) => bar.show(progress),
    signal,
  };
}
