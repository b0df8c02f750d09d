import { type CheckResult, type ConformanceReport, runConformance } from '@speed-protocol/conformance/exchange';
import type { ConformOptions } from '../commands/conform.js';
import { type Console, note, printJson, write } from '../console.js';
import { ReportedFailure, UsageError } from '../failure.js';
import { MAX_SEED } from '../options.js';
import { findPlugin, type PluginUnderTest } from './plugin.js';
import { describeReport } from './report.js';

/** Runs the suites of each plugin; fails when a check does. */
export async function conform(console: Console, packages: readonly string[], options: ConformOptions): Promise<void> {
  const seed = options.seed ?? Math.floor(Math.random() * MAX_SEED);
  note(console, `seed ${seed}; repeat with --seed ${seed}`);
  const plugins = await Promise.all(packages.map(findPlugin));
  const reports: { readonly package: string; readonly report: ConformanceReport }[] = [];
  for (const plugin of plugins) reports.push({ package: plugin.package, report: await run(console, plugin, seed, options) });
  if (reports.some(({ report }) => report.results.length === 0)) throw new UsageError('no check of these plugins is so named');
  if (options.json) await printJson(console, { seed, packages: reports.map(summary) });
  else for (const { report } of reports) await write(console, describeReport(report));
  if (reports.some(({ report }) => report.failed > 0)) throw new ReportedFailure('the plugin does not conform');
}

function run(console: Console, plugin: PluginUnderTest, seed: number, { venues, only }: ConformOptions) {
  const progress = console.stderr.isTTY === true;
  return runConformance(plugin, {
    seed,
    venues,
    only,
    signal: console.signal,
    onResult: (result, done, of) => {
      if (progress) console.stderr.write(`\r${plugin.package}: ${done} of ${of} `);
      if (result.failure !== undefined) note(console, `${progress ? '\n' : ''}${describeFailure(result)}`);
      if (progress && done === of) console.stderr.write('\n');
    },
  });
}

function describeFailure({ check, failure = '' }: CheckResult): string {
  return `FAILED ${check.venue} · ${check.room}: ${check.name}\n    ${failure.replaceAll('\n', '\n    ')}`;
}

function summary({ package: name, report }: { readonly package: string; readonly report: ConformanceReport }) {
  const { passed, failed, matrix, results } = report;
  const checks = results.map(({ check: { venue, room, name: what }, failure, ms }) => {
    return { venue, room, name: what, ok: failure === undefined, failure: failure ?? null, ms: Math.round(ms) };
  });
  return { package: name, passed, failed, matrix, checks };
}
