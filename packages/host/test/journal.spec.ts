import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { decimal, SpeedError } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Evidence, type Journal, openJournal } from '../src/index.js';
import { bundle } from './support/bundle.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'speed-journal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const intentOf = (clientOrderId: string): Evidence => ({
  kind: 'intent',
  time: 1,
  order: { symbol: 'BTC/USDT', clientOrderId, side: 'buy', type: 'limit', amount: decimal('1'), price: decimal('2') },
});

async function idsIn(journal: Journal): Promise<string[]> {
  return (await journal.replay()).map((each) => each.clientOrderId);
}

/** Runs the child until it has acknowledged `wanted` intents, kills it there, and gives what it had said. */
async function killAfter(wanted: number, file: string, args: readonly string[]): Promise<string[]> {
  const child: ChildProcess = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    said.push(line);
    if (said.length === wanted) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return said;
}

describe('journal', () => {
  it.each(['default', 'strict'])('has every acknowledged intent after kill -9 (%s)', async (mode) => {
    await using child = await bundle(path.join(import.meta.dirname, 'support/journal-child.ts'));
    const said: string[] = [];
    for (let run = 0; run < 2; run++) said.push(...(await killAfter(50 + 37 * run, child.file, [folder, mode, `r${run}`])));
    await using journal = await openJournal(folder);
    const kept = new Set(await idsIn(journal));
    expect(said.filter((id) => !kept.has(id))).toEqual([]);
    expect(said.length).toBeGreaterThanOrEqual(137);
  });

  it('gives evidence back in order, across openings, and forgets whole orders', async () => {
    {
      await using journal = await openJournal(folder);
      await Promise.all(['a', 'ab', 'a b'].map((id) => journal.record(id, 'BTC/USDT', intentOf(id))));
      await journal.record('a', 'BTC/USDT', { kind: 'accepted', venueOrderId: '9007199254740993' });
    }
    await using journal = await openJournal(folder, { strict: true });
    await journal.record('a', 'BTC/USDT', { kind: 'gone' });
    await journal.forget(['ab']);
    const kept = await journal.replay();
    expect(kept.map((each) => each.clientOrderId).sort()).toEqual(['a', 'a b']);
    expect(kept.find((each) => each.clientOrderId === 'a')!.evidence.map((each) => each.kind)).toEqual([
      'intent',
      'accepted',
      'gone',
    ]);
    await journal.forget(['a']);
    expect(await idsIn(journal)).toEqual(['a b']);
  });

  it('says that another process has it open', async () => {
    await using _first = await openJournal(folder);
    await expect(openJournal(folder)).rejects.toSatisfy(
      (e) => SpeedError.is(e, 'config') && /in use by another process/.test(e.message),
    );
  });

  it('says that the path is not a folder', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    await expect(openJournal(file)).rejects.toSatisfy((e) => SpeedError.is(e, 'config') && /is not a folder/.test(e.message));
  });

  it('says that it is damaged', async () => {
    await (await openJournal(folder))[Symbol.asyncDispose]();
    const manifest = (await readdir(folder)).find((name) => name.startsWith('MANIFEST'))!;
    await writeFile(path.join(folder, manifest), 'garbage'.repeat(100));
    await expect(openJournal(folder)).rejects.toSatisfy((e) => SpeedError.is(e, 'config') && /is damaged/.test(e.message));
  });

  it('refuses records once it is closed', async () => {
    const journal = await openJournal(folder);
    await journal[Symbol.asyncDispose]();
    await journal[Symbol.asyncDispose]();
    await expect(journal.record('a', 'BTC/USDT', intentOf('a'))).rejects.toSatisfy((e) => SpeedError.is(e, 'unavailable'));
  });
});
