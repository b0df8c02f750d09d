import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { firstLine, interrupt, linesOf, start } from './harness.js';

const EXAMPLE = path.resolve(import.meta.dirname, '../../../docs/examples/one-strategy.mjs');
const run = (...args: string[]) => spawn(process.execPath, [EXAMPLE, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
/** Changes of mind that are waited for. */
const ENOUGH = 5;

it('the strategy of the documents says on a recording what it said on the simulated venue', { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'speed-strategy-'));
  const simulator = start(['sim', '--venues', 'binance', '--seed', '6', '--json'], folder);
  try {
    const origin = JSON.parse(await firstLine(simulator)).venues.binance.rest.public;
    const record = ['record', '--venues', 'binance', '--symbols', 'BTC/USDT', '--datasets', 'depth', '--origin', origin];
    const recorder = start([...record, '--json'], folder);
    const progress = linesOf(recorder);
    const rows = async () => JSON.parse((await progress.next()).value as string).rows as number;
    while ((await rows()) === 0);
    // On the simulator, beside the recorder: each has its own connection.
    const strategy = run('sim', origin);
    const said = linesOf(strategy);
    const live: unknown[] = [];
    while (live.length < ENOUGH) live.push(JSON.parse((await said.next()).value as string));
    strategy.kill('SIGINT');
    // A recorder that is slower than the strategy has to come that far too.
    for (const _ of [1, 2]) for (const before = await rows(); (await rows()) <= before; );
    expect(await interrupt(recorder)).toBe(0);

    const lines: { sequence: number }[] = [];
    const again = linesOf(run('recording', path.join(folder, 'data')));
    for (let line = await again.next(); !line.done; line = await again.next()) lines.push(JSON.parse(line.value));
    // What it said first follows from when it began; from then on it is the same, to the last digit.
    const at = lines.findIndex(({ sequence }) => sequence === (live[1] as { sequence: number }).sequence);
    expect(lines.slice(at, at + ENOUGH - 1)).toEqual(live.slice(1));
  } finally {
    await interrupt(simulator);
    await rm(folder, { recursive: true, force: true });
  }
});
