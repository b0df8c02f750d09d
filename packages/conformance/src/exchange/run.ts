import { type ExchangeCheck, exchangeChecks } from './checks.js';
import type { ExchangeUnderTest } from './world.js';

export interface CheckResult {
  readonly check: ExchangeCheck;
  /** Why it does not hold; `undefined` when it does. */
  readonly failure: string | undefined;
  readonly ms: number;
}

/** By venue, then by capability: does everything that proves it hold? */
export type MeasuredMatrix = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

export interface ConformanceReport {
  readonly seed: number;
  readonly results: readonly CheckResult[];
  readonly matrix: MeasuredMatrix;
  readonly passed: number;
  readonly failed: number;
}

export interface ConformanceOptions {
  readonly seed: number;
  /** Only these venues; default all of the plugin. */
  readonly venues?: readonly string[] | undefined;
  /** Only checks whose room and name contain this text. */
  readonly only?: string | undefined;
  readonly onResult?: (result: CheckResult, done: number, of: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Runs the suites, one check after the other. */
export async function runConformance(plugin: ExchangeUnderTest, options: ConformanceOptions): Promise<ConformanceReport> {
  const { seed, venues, only = '', onResult, signal } = options;
  const checks = exchangeChecks(plugin, { seed }).filter(
    ({ venue, room, name }) => (venues?.includes(venue) ?? true) && `${room}: ${name}`.includes(only),
  );
  const results: CheckResult[] = [];
  for (const check of checks) {
    signal?.throwIfAborted();
    const result = await runCheck(check);
    results.push(result);
    onResult?.(result, results.length, checks.length);
  }
  const failed = results.filter(({ failure }) => failure !== undefined).length;
  return { seed, results, matrix: matrixOf(results), passed: results.length - failed, failed };
}

async function runCheck(check: ExchangeCheck): Promise<CheckResult> {
  const started = performance.now();
  let failure: string | undefined;
  try {
    await check.run();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return { check, failure, ms: performance.now() - started };
}

/** What works, by all the checks that prove it. */
export function matrixOf(results: readonly Pick<CheckResult, 'check' | 'failure'>[]): MeasuredMatrix {
  const matrix: Record<string, Record<string, boolean>> = {};
  for (const { check, failure } of results) {
    if (check.capability === undefined) continue;
    matrix[check.venue] ??= {};
    const row = matrix[check.venue] as Record<string, boolean>;
    row[check.capability] = (row[check.capability] ?? true) && failure === undefined;
  }
  return matrix;
}
