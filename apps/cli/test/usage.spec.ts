import { describe, expect, it } from 'vitest';
import { speed } from './harness.js';

const COMMANDS = [
  'demo',
  'server',
  'sim',
  'venues',
  'symbols',
  'symbols map',
  'book',
  'normalize',
  'keys',
  'keys add',
  'conform',
  'stress',
  'trade',
  'trade place',
];

describe('usage', () => {
  it('lists every command in --help', async () => {
    const { code, stdout } = await speed(['--help']);
    expect(code).toBe(0);
    for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name.split(' ')[0]} `, 'm'));
  });

  it.each(COMMANDS)('explains "%s" in --help', async (name) => {
    const { code, stdout, stderr } = await speed([...name.split(' '), '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: speed ${name}`);
  });

  it.each([
    [['nomalize'], /unknown command 'nomalize'[\s\S]*Did you mean normalize/],
    [['book', 'binance'], /missing required argument 'symbol'/],
    [['normalize'], /required option '--venue <id>'/],
    [
      ['book', 'binance', 'BTC/USDT', '--depth', 'x'],
      /--depth <levels>' argument 'x' is invalid\. expected a whole number, 1 to 1000/,
    ],
    [['sim', '--port', '70000'], /expected a whole number, 0 to 65535/],
    [['venues', '--jsn'], /unknown option '--jsn'[\s\S]*Did you mean --json/],
    [
      ['book', 'binanceusd', 'BTC/USDT'],
      /No installed plugin has a venue "binanceusd"; did you mean "binanceusdm"\?.*npm install @speed-protocol\/exchange-/,
    ],
    [['sim', '--fault', 'drp'], /--fault drp: .*did you mean "drop"/],
    [['sim', '--venues', 'okey'], /No installed plugin has a venue "okey"/],
  ])('answers %j with exit code 2 and one paragraph', async (args, message) => {
    const { code, stdout, stderr } = await speed(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('prints the stack of an error only with --debug', async () => {
    const { stderr } = await speed(['--debug', 'book', 'nowhere', 'BTC/USDT']);
    expect(stderr).toMatch(/\n\s+at /);
  });

  it('shows the capability matrix of the installed venues', async () => {
    const { code, stdout } = await speed(['venues', '--json']);
    expect(code).toBe(0);
    const { venues, refused } = JSON.parse(stdout) as { venues: { venue: string; capabilities: object }[]; refused: unknown[] };
    expect(refused).toEqual([]);
    expect(venues.map(({ venue }) => venue)).toEqual(expect.arrayContaining(['binance', 'binanceusdm', 'binancecoinm']));
    expect((await speed(['venues'])).stdout).toMatch(/^binanceusdm +Binance USD-M futures +stream/m);
  });
});
