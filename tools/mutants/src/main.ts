import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeResult, describeVerdict, verdictOf } from './report.js';
import { type MutantResult, runMutant } from './run.js';
import { type Mutant, type MutantTable, problemsOf, readTables } from './tables.js';

const USAGE = `Usage: npm run mutants -- [PLUGIN ...] [--only PATTERN] [--short] [--jobs N] [--seed N] [--json]

Plugins that are wrong on purpose, one mistake at a time (plugins/*/test/mutants.json), against the conformance suites.
PLUGIN is a folder's name or its end, e.g. okx. --short runs nothing but the checks that are hoped to notice. --jobs: how many at the
same time (default 1). Exit code 0: at least 95 % are noticed.`;

const OPTIONS = {
  only: { type: 'string' },
  short: { type: 'boolean' },
  jobs: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
const { values, positionals } = readArguments();
const root = fileURLToPath(new URL('../../..', import.meta.url));

if (values.help) console.log(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  const tables = readTables(path.join(root, 'plugins')).filter(({ plugin }) => isWanted(plugin));
  const problems = tables.flatMap(problemsOf);
  for (const problem of problems) console.error(problem);
  const jobs = tables.flatMap((table) => table.mutants.filter(isChosen).map((mutant) => [table, mutant] as const));
  if (jobs.length === 0)
    console.error(`no mutants of ${positionals.join(', ') || 'any plugin'}${values.only ? ` with "${values.only}"` : ''}`);
  if (problems.length > 0 || jobs.length === 0) return 2;
  return report(await runAll(jobs));
}

async function runAll(jobs: readonly (readonly [MutantTable, Mutant])[]): Promise<readonly MutantResult[]> {
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  console.error(`seed ${seed}; repeat with --seed ${seed}`);
  const short = values.short ?? false;
  const results: MutantResult[] = [];
  const waiting = [...jobs];
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const result = await runMutant(...job, { root, seed, short });
      results.push(result);
      console.error(describeResult(result));
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs ?? 1) }, work));
  return results;
}

function report(results: readonly MutantResult[]): number {
  const { survivors, excusedInVain, broken, ...verdict } = verdictOf(results);
  const names = (rows: readonly MutantResult[]) => rows.map(({ plugin, mutant }) => `${plugin}: ${mutant.name}`);
  if (values.json) {
    const lists = { survivors: names(survivors), excusedInVain: names(excusedInVain), broken: names(broken) };
    console.log(JSON.stringify({ ...verdict, ...lists }));
  } else console.log(describeVerdict(results));
  return verdict.ok ? 0 : 1;
}

function isWanted(plugin: string): boolean {
  return positionals.length === 0 || positionals.some((name) => plugin === name || plugin.endsWith(`-${name}`));
}

function isChosen({ name }: Mutant): boolean {
  return new RegExp(values.only ?? '').test(name);
}

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}
