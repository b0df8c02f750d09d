import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DEFAULT_CONFIG, loadConfig } from '../src/index.js';
import { tree } from './tree.js';

const sections = {
  server: z
    .strictObject({
      port: z.int().min(0).max(65535).default(8765),
      token: z.string().optional(),
      bookIntervalMs: z.number().default(100),
    })
    .prefault({}),
};
let files: ReturnType<typeof tree> | undefined;
afterEach(() => files?.remove());

const load = (content: string, env: Record<string, string> = {}, name = 'speed.yaml') => {
  files = tree({ [name]: content });
  return loadConfig({ directory: files.root, env, sections });
};
const failure = async (content: string, env?: Record<string, string>): Promise<string> => {
  const error = await load(content, env).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ kind: 'config' });
  return (error as Error).message.replaceAll(`${files?.root}/`, '');
};

it('has defaults without a file', async () => {
  files = tree({});
  expect(await loadConfig({ directory: files.root, env: {} })).toBe(DEFAULT_CONFIG);
  expect(await loadConfig({ directory: files.root, env: {}, sections })).toMatchObject({ server: { port: 8765 } });
});

it.each(['speed.yaml', 'speed.yml', 'speed.json'])('reads %s', async (name) => {
  const config = await load('{"server": {"port": 1}, "venues": {"binance": {"environment": "sim"}}}', {}, name);
  expect(config).toMatchObject({ server: { port: 1 }, venues: { binance: { environment: 'sim' } }, plugins: [] });
});

it('lets the environment win over the file, and the command line over both', async () => {
  const env = {
    SPEED_SERVER__PORT: '2',
    SPEED_SERVER__BOOK_INTERVAL_MS: '50',
    SPEED_SERVER__TOKEN: '12345678',
    SPEED_VENUES__BINANCE__ENVIRONMENT: 'demo',
    SPEED_PLUGINS__: 'ignored',
    SPEED_SEED: '7',
  };
  expect(await load('server: { port: 1 }', env)).toMatchObject({
    server: { port: 2, bookIntervalMs: 50, token: '12345678' },
    venues: { binance: { environment: 'demo' } },
  });
  files?.remove();
  files = tree({});
  const overridden = await loadConfig({
    directory: files.root,
    env,
    sections,
    overrides: { server: { port: 3, token: undefined } },
  });
  expect(overridden.server).toMatchObject({ port: 3, token: '12345678' });
});

it('names a wrong key, where it stands, and the nearest right one', async () => {
  expect(await failure('log:\n  level: info\nserver:\n  prot: 1\n')).toBe(
    'speed.yaml:4:3: unknown key "prot" in "server"; did you mean "port"? (known: port, token, bookIntervalMs)',
  );
  expect(await failure('sever: {}')).toMatch(/^speed\.yaml:1:1: unknown key "sever"; did you mean "server"\?/);
  expect(await failure('accounts:\n  main: { venue: okx, confg: {} }')).toMatch(
    /^speed\.yaml:2:23: .*"confg" in "accounts\.main".*"config"/,
  );
});

it('names a wrong value, where it stands, and the right ones', async () => {
  expect(await failure('log:\n  level: loud')).toBe(
    'speed.yaml:2:3: log.level: must be one of "debug", "info", "warn", "error", "silent"',
  );
  expect(await failure('server: { port: 70000 }')).toMatch(/^speed\.yaml:1:11: server\.port: too big/);
});

it('names a wrong variable', async () => {
  expect(await failure('', { SPEED_SERVER__PROT: '1' })).toMatch(
    /^SPEED_SERVER__PROT: unknown key "prot" in "server"; did you mean "port"/,
  );
  expect(await failure('', { SPEED_SERVER__PORT: 'x' })).toMatch(/^SPEED_SERVER__PORT: server\.port: .*expected number/);
});

it('says line and column of malformed YAML', async () => {
  expect(await failure('server:\n  port: [1, 2\nlog: {}\n')).toMatch(/^speed\.yaml:3:\d+: malformed YAML: /);
  expect(await failure('a: 1\na: 2')).toMatch(/^speed\.yaml:2:1: malformed YAML: .*unique/);
  expect(await failure('- a\n- b')).toMatch(/^speed\.yaml:1:1: .*mapping/);
});

it('says which file it could not read', async () => {
  await expect(loadConfig({ file: '/nowhere/speed.yaml', env: {} })).rejects.toThrow(/\/nowhere\/speed\.yaml.*ENOENT/);
});

it('reaches no prototype', async () => {
  expect(await failure('__proto__: { polluted: true }')).toContain('unknown key "__proto__"');
  await load('', { SPEED_VENUES____PROTO____POLLUTED: '1' });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

it('refuses an alias bomb', async () => {
  const rows = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++) {
    const before = String.fromCharCode(96 + i);
    const name = String.fromCharCode(97 + i);
    rows.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`);
  }
  await expect(load(rows.join('\n'))).rejects.toMatchObject({ kind: 'config' });
});

describe('accounts', () => {
  it('name where their secrets are, or the simulator that gave them', async () => {
    const text = `accounts:
  main: { venue: okx, environment: live, apiKey: { env: KEY }, secret: { file: ./secret }, limits: { priceBand: 0.05 } }
  kept: { venue: okx, key: kept }
  toy: { venue: okx, environment: sim, apiKey: canary-api, secret: canary-secret }`;
    const { accounts } = await load(text);
    expect(accounts['main']).toMatchObject({
      apiKey: { env: 'KEY' },
      secret: { file: './secret' },
      limits: { priceBand: '0.05' },
    });
    expect(accounts['kept']).toMatchObject({ key: 'kept' });
    expect(inspect(accounts, { depth: 9 })).not.toContain('canary');
  });

  it.each([
    ['{ venue: okx, environment: live, secret: canary }', /^speed\.yaml:2:\d+: accounts\.main\.secret: a secret must not stand/],
    ['{ venue: okx, secret: canary }', /must not stand in the configuration; write \{ env: VARIABLE \}/],
    ['{ venue: okx, config: { secret: canary } }', /accounts\.main\.config\.secret: a credential belongs beside/],
    ['{ venue: okx, key: a, apiKey: { env: B } }', /"key" and "apiKey" exclude each other/],
    ['{ venue: okx, apiKey: [canary] }', /accounts\.main\.apiKey: must say where the secret is/],
    ['{ venue: okx, apiKey: { env: "no good" } }', /apiKey/],
    ['{ venue: okx, limits: { maxPosition: lots } }', /maxPosition: must be a positive decimal/],
  ])('are refused: %s', async (account, message) => {
    const text = await failure(`accounts:\n  main: ${account}`);
    expect(text).toMatch(message);
    expect(text).not.toContain('canary');
  });

  it('are refused in a variable too, without repeating it', async () => {
    const text = await failure('accounts: { main: { venue: okx } }', { SPEED_ACCOUNTS__MAIN__SECRET: 'canary' });
    expect(text).toMatch(/^SPEED_ACCOUNTS__MAIN__SECRET: accounts\.main\.secret: a secret must not stand/);
    expect(text).not.toContain('canary');
  });

  it('are not quoted when the file is malformed', async () => {
    for (const text of [
      'a: "canary\nb',
      'a: *canary',
      '- canary\n  b: canary: c',
      'a: [canary',
      '"canary"',
      'a: canary: canary',
    ]) {
      expect(await failure(text)).not.toContain('canary');
    }
  });
});
