import { spawn } from 'node:child_process';
import type { Persister } from '@speed-protocol/core';
import { expect } from 'vitest';
import { Engine, verify } from '../../src/index.js';
import { type ChildOrder, eventOf } from './child.js';
import { inMemory } from './memory.js';
import { randomFrom } from './random.js';
import { storedRows } from './read.js';

export interface KillOptions extends Omit<ChildOrder, 'run'> {
  readonly store: Persister;
  /** The bundled child. */
  readonly file: string;
  /** The run ends after the last life that began within this time ... */
  readonly seconds: number;
  /** ... or after this many kills, whichever comes first. */
  readonly kills?: number | undefined;
  /** Longest life of a child after its first acknowledgement, ms. */
  readonly lifeMs: number;
}

export interface KillReport {
  readonly kills: number;
  readonly acknowledged: number;
  readonly stored: number;
  readonly gaps: number;
  readonly files: number;
}

/**
 * Kills a recorder with SIGKILL again and again, then counts: every acknowledged row is stored exactly once, no row twice,
 * nothing that was never pushed, every run boundary listed as a gap and nothing else, every file readable.
 */
export async function killAndCount(options: KillOptions): Promise<KillReport> {
  const random = randomFrom(options.seed);
  const until = Date.now() + options.seconds * 1000;
  const acknowledged: number[] = [];
  while (Date.now() < until && acknowledged.length < (options.kills ?? Number.POSITIVE_INFINITY))
    acknowledged.push(await oneLife(options, acknowledged.length, random() * options.lifeMs));
  // One clean start and stop: what the log still holds goes into the store.
  const engine = await Engine.open({ store: options.store, spool: options.spool, retryMs: 20 });
  await engine.rollNow();
  await engine.close();
  return count(await inMemory(options.store), acknowledged);
}

/** Runs a child until some time after its first acknowledgement; returns the last row that it acknowledged, or -1. */
function oneLife({ file, store: _, ...order }: KillOptions, run: number, lifeMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, JSON.stringify({ ...order, run })], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err, killed] = ['', '', false];
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.stdout.on('data', (chunk) => {
      // The kill falls at a random moment of whatever goes on then: a commit, a roll-over, a compaction.
      if (out === '') setTimeout(() => (killed = child.kill('SIGKILL')), lifeMs);
      out += chunk;
    });
    child.on('close', () => {
      if (!killed) return reject(new Error(`the child ended by itself: ${err}`));
      const lines = out
        .slice(0, out.lastIndexOf('\n') + 1)
        .trim()
        .split('\n');
      resolve(out.includes('\n') ? Number(lines.at(-1)!.slice(2)) : -1);
    });
  });
}

async function count(store: Persister, acknowledged: readonly number[]): Promise<KillReport> {
  const seen = new Map<string, number>();
  let gaps = 0;
  const runsOf = new Map<string, Set<number>>();
  for (const list of (await storedRows(store)).values()) {
    for (const { event } of list) {
      if (event?.type === 'gap') gaps++;
      if (event?.type !== 'trade' && event?.type !== 'depth') continue;
      const id = event.type === 'trade' ? event.id : `${Math.floor(event.sequence! / 1e9)}-${event.sequence! % 1e9}`;
      seen.set(id, (seen.get(id) ?? 0) + 1);
      const [run, n] = id.split('-').map(Number) as [number, number];
      expect(event, 'what is stored is what was pushed').toMatchObject({ venueTime: eventOf(run, n).venueTime });
      const stream = `${event.type} ${event.symbol}`;
      runsOf.set(stream, (runsOf.get(stream) ?? new Set()).add(run));
    }
  }
  const twice = [...seen].filter(([, times]) => times > 1).map(([id]) => id);
  expect(twice, 'rows stored more than once').toEqual([]);
  const lost = acknowledged
    .flatMap((last, run) => Array.from({ length: last + 1 }, (_, n) => `${run}-${n}`))
    .filter((id) => !seen.has(id));
  expect(lost.slice(0, 10), `${lost.length} acknowledged rows are not stored`).toEqual([]);
  const report = await verify(store);
  expect(report.problems).toEqual([]);
  // A stream has one hole between every two runs that left rows in it, and no other.
  const expected = [...runsOf.values()].reduce((sum, runs) => sum + runs.size - 1, 0);
  expect(report.gaps.length).toBe(expected);
  expect(report.gaps.every(({ reason }) => reason === 'crashed')).toBe(true);
  expect(gaps).toBe(expected);
  return {
    kills: acknowledged.length,
    acknowledged: acknowledged.reduce((sum, last) => sum + last + 1, 0),
    stored: seen.size,
    gaps: report.gaps.length,
    files: report.files,
  };
}
