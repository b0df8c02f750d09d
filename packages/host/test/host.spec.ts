import { TOKENS } from '@speed-protocol/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHost, type HostConfig } from '../src/index.js';
import { plugin, traces, tree } from './tree.js';

let files: ReturnType<typeof tree>;
beforeEach(() => {
  traces.made = [];
  files = tree({
    'package.json': { name: 'app', dependencies: { one: '*' } },
    ...plugin('node_modules/one', { name: 'one', venues: ['fake', 'other'] }),
  });
});
afterEach(() => files.remove());

const config: HostConfig = {
  plugins: [],
  venues: { fake: { environment: 'sim', key: 'public' } },
  accounts: { main: { venue: 'fake', config: { key: 'mine' } } },
  log: { level: 'info' },
};
const host = () => createHost({ appDirectory: files.root, projectDirectory: null, config });

it('makes one connector per venue and account, at first use, with its settings', async () => {
  await using made = await host();
  expect(traces.made).toEqual([]);
  const [a, b, mine] = await Promise.all([
    made.connectors.get('fake'),
    made.connectors.get('fake'),
    made.connectors.get('fake', 'main'),
  ]);
  expect(a).toBe(b);
  expect(mine).not.toBe(a);
  expect(traces.made?.map(({ context }) => context.config)).toEqual([
    { environment: 'sim', key: 'public' },
    { environment: 'sim', key: 'mine' },
  ]);
});

it('disposes every connector once, however often it is disposed, and makes none afterwards', async () => {
  const made = await host();
  await made.connectors.get('fake');
  await made.connectors.get('other');
  await Promise.all([made[Symbol.asyncDispose](), made[Symbol.asyncDispose]()]);
  await made[Symbol.asyncDispose]();
  expect(traces.made?.map(({ disposed }) => disposed)).toEqual([1, 1]);
  expect(made.signal.aborted).toBe(true);
  await expect(made.connectors.get('fake')).rejects.toMatchObject({ kind: 'aborted' });
});

it('does not keep a failure', async () => {
  await using made = await createHost({
    appDirectory: files.root,
    projectDirectory: null,
    config: { ...config, venues: { fake: { broken: true } } },
  });
  await expect(made.connectors.get('fake')).rejects.toThrow('broken settings');
  await expect(made.connectors.get('fake', 'mian')).rejects.toThrow(/did you mean "main"/);
  expect(await made.connectors.list()).toEqual([]);
});

it('hands out its parts through the container', async () => {
  await using made = await host();
  expect(made.container.resolve(TOKENS.Connectors)).toBe(made.connectors);
  expect(made.container.resolve(TOKENS.EventBus)).toBe(made.bus);
  expect(made.container.resolve(TOKENS.Plugins)).toBe(made.plugins);
});

it('stops when its signal is aborted', async () => {
  const controller = new AbortController();
  await using made = await createHost({ appDirectory: files.root, projectDirectory: null, signal: controller.signal });
  controller.abort();
  expect(made.signal.aborted).toBe(true);
});
