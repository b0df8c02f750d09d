import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Finding, Task } from './child.js';
import { mutate } from './mutate.js';
import type { Mutant, MutantTable } from './tables.js';

/** What became of one mistake. */
export interface MutantResult {
  readonly plugin: string;
  readonly mutant: Mutant;
  /** `caught`: a check failed, or the suites never came to their end. `broken`: it could not even be loaded. */
  readonly outcome: 'caught' | 'survived' | 'broken';
  /** The check that noticed, and what it said. */
  readonly check: string;
  readonly failure: string;
  readonly checks: number;
  readonly ms: number;
}

export interface RunOptions {
  readonly root: string;
  readonly seed: number;
  /** A run that takes longer hangs, and is caught thereby, ms. */
  readonly timeoutMs?: number;
  /** Runs nothing but the checks that are hoped to notice. */
  readonly short?: boolean;
}

const TIMEOUT_MS = 600_000;

/** One mistake against the suites, in a process of its own: what it breaks it breaks alone. */
export async function runMutant(table: MutantTable, mutant: Mutant, options: RunOptions): Promise<MutantResult> {
  const started = performance.now();
  using mutated = await mutate(options.root, table, mutant);
  const { seed, short, timeoutMs = TIMEOUT_MS } = options;
  const { manifest, dialect } = mutated;
  const { first, venue } = mutant;
  const finding = await inChild({ manifest, dialect, seed, first, venue, short }, timeoutMs);
  const { checks, check, failure = '' } = finding;
  const outcome = check === undefined ? 'survived' : check === 'loading' ? 'broken' : 'caught';
  return { plugin: table.plugin, mutant, outcome, check: check ?? '', failure, checks, ms: performance.now() - started };
}

function inChild(task: Task, timeoutMs: number): Promise<Finding> {
  const source = import.meta.url.endsWith('.ts');
  // From sources (in tests) the child is compiled already: the build of this package is what runs there.
  const file = fileURLToPath(new URL(source ? '../dist/child.js' : './child.js', import.meta.url));
  return new Promise((resolve) => {
    // Whoever runs this may have been started with options that are none of the child's business.
    const child = fork(file, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
    let loaded = false;
    const timer = setTimeout(() => finish({ checks: 0, check: 'time', failure: `no end within ${timeoutMs} ms` }), timeoutMs);
    const finish = (finding: Finding) => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.kill('SIGKILL');
      resolve(finding);
    };
    child.on('message', (said: Finding | 'loaded') => {
      if (said === 'loaded') loaded = true;
      else finish(said);
    });
    // One that brings the whole process down is noticed; one that never came so far says nothing.
    child.once('exit', (code, signal) => {
      finish({ checks: 0, check: loaded ? 'the process ended' : 'loading', failure: `code ${code}, signal ${signal}` });
    });
    child.send(task);
  });
}
