import path from 'node:path';
import { expect, it } from 'vitest';
import { runMutant } from '../src/run.js';
import { problemsOf, readTables } from '../src/tables.js';

const root = path.resolve(import.meta.dirname, '../../..');
const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);
const tables = readTables(path.join(root, 'plugins'));

const plugins = ['exchange-binance', 'exchange-bybit', 'exchange-deribit', 'exchange-okx'];

it('has tables that fit the sources of their plugins', () => {
  expect(tables.map(({ plugin }) => plugin)).toEqual(plugins);
  expect(tables.flatMap(problemsOf)).toEqual([]);
  for (const { plugin, mutants } of tables) expect(mutants.length, plugin).toBeGreaterThanOrEqual(20);
});

it('notices a table that does not fit', () => {
  const [table] = tables;
  const { mutants } = table!;
  const wrong = [mutants[0]!, mutants[0]!, { ...mutants[1]!, find: 'stands nowhere' }, { ...mutants[2]!, file: 'nowhere.ts' }];
  const twice = { name: 'x', file: mutants[0]!.file, find: ' ', replace: '' };
  expect(problemsOf({ ...table!, mutants: [...wrong, twice] })).toEqual([
    expect.stringContaining('stands there twice'),
    expect.stringContaining('fits 0 times'),
    expect.stringContaining('which there is not'),
    expect.stringMatching(/fits \d+ times/),
  ]);
});

// The long form, `npm run mutants`, tries them all.
it.each(plugins)(`catches a mistake of %s, drawn by the seed ${seed} (SPEED_SEED)`, async (plugin) => {
  const table = tables.find((each) => each.plugin === plugin)!;
  const likely = table.mutants.filter(({ first, survives }) => first !== undefined && survives === undefined);
  const mutant = likely[seed % likely.length]!;
  const { outcome, check, failure } = await runMutant(table, mutant, { root, seed, short: true });
  expect([outcome, check], `${mutant.name}: ${failure}`).toEqual(['caught', expect.any(String)]);
});

it('finds nothing in a harmless change', async () => {
  const okx = tables.find(({ plugin }) => plugin === 'exchange-okx')!;
  const { find, file } = okx.mutants[0]!;
  const harmless = {
    name: 'says nothing new',
    file,
    find,
    replace: `${find} // as before`,
    first: 'a resting order is cancelled',
  };
  const nothing = await runMutant(okx, harmless, { root, seed, short: true });
  expect([nothing.outcome, nothing.checks], `${nothing.check}: ${nothing.failure}`).toEqual(['survived', 2]);
});
