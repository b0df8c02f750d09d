import { describe, expect, it } from 'vitest';
import { speed } from './harness.js';

const PLUGIN = new URL('../../../plugins/exchange-binance', import.meta.url).pathname;

describe('speed conform', () => {
  it('runs the suites of a plugin and prints what was measured', async () => {
    const { code, stdout, stderr } = await speed(['conform', PLUGIN, '--only', 'reference', '--venues', 'binanceusdm']);
    expect([code, stderr.match(/seed \d+/)?.length]).toEqual([0, 1]);
    expect(stdout).toMatch(/^instruments +works$/m);
    expect(stdout).toMatch(/all \d+ checks hold/);
  });

  it('gives scripts every check', async () => {
    const { stdout } = await speed(['conform', PLUGIN, '--only', 'time of the venue', '--json', '--seed', '5']);
    const { seed, packages } = JSON.parse(stdout) as { seed: number; packages: { checks: object[]; matrix: object }[] };
    expect(seed).toBe(5);
    expect(packages[0]?.checks).toHaveLength(3);
    expect(packages[0]?.matrix).toMatchObject({ binance: { 'server time': true } });
  });

  it.each([
    [['conform', './nothing-here'], 2, /name a folder|not installed/],
    [['conform', PLUGIN.replace('exchange-binance', 'persister-local')], 2, /plugin of kind "persister"/],
    [['conform', PLUGIN, '--only', 'nothing is called this'], 2, /no check of these plugins/],
  ])('%j ends with code %i and a reason', async (args, code, reason) => {
    const ended = await speed(args);
    expect(ended.code).toBe(code);
    expect(ended.stderr + ended.stdout).toMatch(reason);
  });
});
