import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Plugins } from '../src/index.js';
import { type FakePlugin, plugin, traces, tree } from './tree.js';

const trees: { remove(): void }[] = [];
const make = (files: Record<string, string | object>) => {
  const made = tree(files);
  trees.push(made);
  return made;
};
beforeEach(() => {
  traces.imported = [];
});
afterEach(() => {
  for (const each of trees.splice(0)) each.remove();
});

const app = (...dependencies: string[]) => ({
  name: 'app',
  dependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])),
});
const discover = (...directories: string[]) => Plugins.discover({ directories });

describe('where plugins are found', () => {
  it("among the app's own dependencies, without importing them", async () => {
    const { root } = make({
      'package.json': app('@acme/exchange-fake', 'plain'),
      ...plugin('node_modules/@acme/exchange-fake', { name: '@acme/exchange-fake', venues: ['fake', 'fakefutures'] }),
      'node_modules/plain/package.json': { name: 'plain', version: '1.0.0' },
    });
    const plugins = await discover(root);
    expect(plugins.venues).toEqual(['fake', 'fakefutures']);
    expect(plugins.refused).toEqual([]);
    expect(traces.imported).toEqual([]);
    expect((await plugins.manifest('fakefutures')).id).toBe('fake');
    expect(traces.imported).toEqual(['@acme/exchange-fake']);
  });

  it('among the packages of its workspace, through links', async () => {
    const { at } = make({
      'package.json': { name: 'root', workspaces: ['plugins/*', 'apps/app'] },
      'apps/app/package.json': app(),
      'node_modules/app': { link: 'apps/app' },
      ...plugin('plugins/one', { name: 'one', venues: ['one'] }),
    });
    expect((await discover(at('apps/app'))).venues).toEqual(['one']);
    expect((await discover(at('node_modules/app'))).venues).toEqual(['one']);
  });

  it('beside an app that is installed globally', async () => {
    const { at } = make({
      'lib/node_modules/@speed/cli/package.json': app(),
      ...plugin('lib/node_modules/@speed/exchange-one', { name: '@speed/exchange-one', venues: ['one'] }),
      ...plugin('lib/node_modules/exchange-two', { name: 'exchange-two', venues: ['two'] }),
    });
    expect((await discover(at('lib/node_modules/@speed/cli'))).venues.toSorted()).toEqual(['one', 'two']);
  });

  it('beside a globally installed app that is a link to a directory elsewhere', async () => {
    const { at } = make({
      'checkout/cli/package.json': app(),
      'lib/node_modules/cli': { link: 'checkout/cli' },
      ...plugin('lib/node_modules/exchange-one', { name: 'exchange-one', venues: ['one'] }),
    });
    expect((await discover(at('lib/node_modules/cli'))).venues).toEqual(['one']);
  });

  it('in the project that an installed app runs in, not among everything that is installed there', async () => {
    const { at } = make({
      'package.json': { name: 'project', devDependencies: { cli: '*', one: '*' } },
      'node_modules/cli/package.json': app(),
      ...plugin('node_modules/one', { name: 'one', venues: ['one'] }),
      ...plugin('node_modules/transitive', { name: 'transitive', venues: ['other'] }),
    });
    expect((await discover(at('node_modules/cli'))).venues).toEqual(['one']);
  });

  it('in the directory itself: the author of a plugin needs no app around it', async () => {
    const { at } = make(plugin('mine', { name: 'mine', venues: ['mine'] }));
    expect((await discover(at('mine'))).venues).toEqual(['mine']);
  });

  it('by name from the configuration', async () => {
    const { root } = make({
      'package.json': app(),
      ...plugin('node_modules/extra', { name: 'extra' }),
      'node_modules/plain/package.json': { name: 'plain' },
    });
    const plugins = await Plugins.discover({ directories: [root], packages: ['extra', 'absent', 'plain'] });
    expect(plugins.venues).toEqual(['fake']);
    expect(plugins.refused.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('npm install absent'),
      expect.stringContaining('plain is no plugin'),
    ]);
  });
});

describe('what is refused, with a plain reason', () => {
  const refusals: [what: string, fake: Partial<FakePlugin>, parts: string[]][] = [
    ['a newer API', { api: 2 }, ['bad 1.2.3', 'API 2', 'speaks 1', 'update the host']],
    ['an API that is no number', { api: '1' }, ['API "1"', 'speaks 1', 'install a version of the plugin']],
    ['an unknown kind', { kind: 'exchnge' }, ['"exchnge"', 'exchange, persister, bus', 'mean "exchange"']],
    ['no venues', { venues: 'okx' }, ['"okx"', 'lists its venue ids']],
  ];
  it.each(refusals)('%s, before it is imported', async (_, fake, parts) => {
    const { root } = make({ 'package.json': app('bad'), ...plugin('node_modules/bad', { name: 'bad', ...fake }) });
    const plugins = await discover(root);
    expect(plugins.list).toEqual([]);
    for (const part of parts) expect(plugins.refused[0]?.reason).toContain(part);
  });

  const broken: [what: string, fake: Partial<FakePlugin>, parts: string[]][] = [
    ['an unbranded default export', { source: 'export default { venues: [] }' }, ['bad 1.2.3', 'defineExchange']],
    ['no default export', { source: 'export const x = 1' }, ['bad 1.2.3', 'defineExchange']],
    ['a manifest of another API', { manifestApi: 7 }, ['API 7', 'speaks 1']],
    ['a venue that the manifest lacks', { manifestVenues: ['other'] }, ['venue "fake"', 'has other']],
    ['a module that throws', { source: 'throw new Error("no such thing")' }, ['index.js failed', 'no such thing']],
    ['a module with a syntax error', { source: 'export default {' }, ['bad 1.2.3', 'index.js failed']],
  ];
  it.each(broken)('%s, when it is first used', async (_, fake, parts) => {
    const { root } = make({ 'package.json': app('bad'), ...plugin('node_modules/bad', { name: 'bad', ...fake }) });
    const plugins = await discover(root);
    const error = await plugins.manifest('fake').catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ kind: 'config' });
    for (const part of parts) expect((error as Error).message).toContain(part);
    expect(plugins.refused[0]?.reason).toBe((error as Error).message);
  });

  it('the second of two plugins for one venue, naming both', async () => {
    const { root } = make({
      'package.json': app('one', 'two'),
      ...plugin('node_modules/one', { name: 'one' }),
      ...plugin('node_modules/two', { name: 'two' }),
    });
    const { list, refused } = await discover(root);
    expect(list.map((each) => each.package)).toEqual(['one']);
    expect(refused[0]?.reason).toMatch(/two 1\.2\.3.*"fake".*one 1\.2\.3/);
  });

  it('a file that is exported from outside of the package', async () => {
    const { root } = make({
      'package.json': app('bad'),
      'node_modules/bad/package.json': {
        name: 'bad',
        version: '1.0.0',
        speed: { kind: 'exchange', api: 1, venues: ['fake'] },
        exports: '../../evil.js',
      },
      'evil.js': '',
    });
    await expect((await discover(root)).manifest('fake')).rejects.toThrow('exports nothing');
  });
});

it('knows the chosen venues only, and every plugin that is no exchange', async () => {
  const { root } = make({
    'package.json': app('one', 'two', 'disk'),
    ...plugin('node_modules/one', { name: 'one', venues: ['spot', 'futures'] }),
    ...plugin('node_modules/two', { name: 'two', venues: ['elsewhere'] }),
    'node_modules/disk/package.json': { name: 'disk', version: '1.0.0', speed: { kind: 'persister', api: 1, schemes: ['disk'] } },
  });
  const plugins = await Plugins.discover({ directories: [root], venues: ['futures'] });
  expect([plugins.venues, plugins.list.map((each) => each.package)]).toEqual([['futures'], ['one', 'disk']]);
  await expect(plugins.manifest('elsewhere')).rejects.toThrow('No installed plugin has a venue "elsewhere"');
  expect(traces.imported).toEqual([]);
  expect((await plugins.manifest('futures')).id).toBe('fake');
});

describe('a family of venues', () => {
  const family = (prefix: string) => `const manifest = (id) => ({
  kind: 'exchange', api: 1, id: 'bridge', venues: [{ id, name: id, capabilities: {} }], [Symbol.for('speed.manifest')]: true,
});
globalThis.imported = [...(globalThis.imported ?? []), 'bridge'];
export default {
  kind: 'exchange', api: 1, id: 'bridge', prefix: '${prefix}', open: async (venue) => manifest(venue),
  [Symbol.for('speed.manifest')]: true,
};`;
  const tree = (source = family('far:')) =>
    make({
      'package.json': app('bridge', 'one'),
      ...plugin('node_modules/bridge', { name: 'bridge', venues: ['far:*'], source }),
      ...plugin('node_modules/one', { name: 'one', venues: ['one'] }),
    }).root;

  it('has any id that begins like it, opened by itself and listed only where the configuration names it', async () => {
    const plugins = await Plugins.discover({ directories: [tree()], named: ['far:north', 'one'] });
    expect(plugins.venues).toEqual(['far:north', 'one']);
    expect(traces.imported).toEqual([]);
    for (const venue of ['far:north', 'far:south']) {
      expect((await plugins.manifest(venue)).venues).toMatchObject([{ id: venue }]);
    }
    await expect(plugins.manifest('far:')).rejects.toThrow('Installed: far:north, far:*, one.');
  });

  it('has nothing for a host that knows other venues only', async () => {
    const plugins = await Plugins.discover({ directories: [tree()], venues: ['one'] });
    expect(plugins.list.map((each) => each.package)).toEqual(['one']);
    await expect(plugins.manifest('far:north')).rejects.toThrow('No installed plugin has a venue "far:north"');
  });

  it('is refused when its manifest is of another one', async () => {
    const plugins = await discover(tree(family('near:')));
    await expect(plugins.manifest('far:north')).rejects.toThrow('lists venue "far:*", the manifest has near:*');
  });
});

it('names the nearest venue and what to install when there is no such venue', async () => {
  const { root } = make({
    'package.json': app('one'),
    ...plugin('node_modules/one', { name: 'one', venues: ['binance'] }),
  });
  const plugins = await discover(root);
  await expect(plugins.manifest('binanse')).rejects.toThrow(/"binanse"; did you mean "binance"\?.*npm install/s);
});

it('imports other parts of a plugin that it exports, once', async () => {
  const { root } = make({ 'package.json': app('one'), ...plugin('node_modules/one', { name: 'one' }) });
  const plugins = await discover(root);
  const info = plugins.find('fake');
  expect(info.sim).toBe('./sim');
  expect(await plugins.import(info, './sim')).toEqual({ dialect: 'one' });
  expect(plugins.import(info, './sim')).toBe(plugins.import(info, './sim'));
  await expect(plugins.import(info, './absent')).rejects.toThrow('"./absent"');
});
