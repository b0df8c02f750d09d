import type { MutantResult } from './run.js';

/** Of the mistakes that a suite can notice, so many have to be. */
const REQUIRED = 0.95;

export interface Verdict {
  readonly total: number;
  readonly caught: number;
  /** Neither caught nor excused. */
  readonly survivors: readonly MutantResult[];
  /** Said to be beyond every suite, and noticed all the same: the excuse is wrong. */
  readonly excusedInVain: readonly MutantResult[];
  readonly broken: readonly MutantResult[];
  readonly ok: boolean;
}

/** Excuses count as not caught: they are in the total. */
export function verdictOf(results: readonly MutantResult[]): Verdict {
  const of = (outcome: MutantResult['outcome']) => results.filter((result) => result.outcome === outcome);
  const caught = of('caught');
  const broken = of('broken');
  const survivors = of('survived').filter(({ mutant }) => mutant.survives === undefined);
  const excusedInVain = caught.filter(({ mutant }) => mutant.survives !== undefined);
  const ok =
    results.length > 0 && broken.length === 0 && excusedInVain.length === 0 && caught.length >= REQUIRED * results.length;
  return { total: results.length, caught: caught.length, survivors, excusedInVain, broken, ok };
}

export function describeResult({ plugin, mutant, outcome, check, failure, checks, ms }: MutantResult): string {
  const seconds = `${(ms / 1000).toFixed(1)} s`;
  const head = `${outcome.toUpperCase().padEnd(8)} ${plugin}: ${mutant.name} (${mutant.file}; ${checks} checks, ${seconds})`;
  if (outcome === 'survived') return mutant.survives === undefined ? head : `${head}\n         excused: ${mutant.survives}`;
  return `${head}\n         ${check}: ${failure.slice(0, 160)}`;
}

export function describeVerdict(results: readonly MutantResult[]): string {
  const plugins = [...new Set(results.map(({ plugin }) => plugin))];
  const lines = plugins.map((plugin) =>
    line(
      plugin,
      results.filter((result) => result.plugin === plugin),
    ),
  );
  const { survivors, ok } = verdictOf(results);
  const names = survivors.map(({ plugin, mutant }) => `  survived: ${plugin}: ${mutant.name}`);
  return [
    ...lines,
    line('all', results),
    ...names,
    ok ? 'mutants: enough are noticed' : `mutants: at least ${100 * REQUIRED} % have to be noticed`,
  ].join('\n');
}

function line(name: string, results: readonly MutantResult[]): string {
  const { total, caught } = verdictOf(results);
  return `${name}: ${caught} of ${total} caught (${((100 * caught) / Math.max(1, total)).toFixed(1)} %)`;
}
