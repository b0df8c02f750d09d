import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { speed } from './harness.js';

// Deriving a key is slow on purpose.
vi.setConfig({ testTimeout: 300_000 });

let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'speed-keys-'));
  env = { SPEED_KEYS: path.join(folder, 'keys.json'), SPEED_PASSPHRASE: 'canary passphrase of four words' };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keys = (args: string[], stdin = '') => speed(['keys', ...args], stdin, folder, env);
const DESK = ['add', 'desk', '--venue', 'binanceusdm', '--environment', 'testnet'];

it('keeps, lists and removes credentials without showing any', async () => {
  const pem = path.join(folder, 'key.pem');
  writeFileSync(pem, '-----BEGIN PRIVATE KEY-----\ncanary-pem\n-----END PRIVATE KEY-----\n');
  const runs = [
    await keys(DESK, 'canary-api\ncanary-secret\n'),
    await keys(['add', 'spot', '--venue', 'binance', '--environment', 'live', '--private-key-file', pem], 'canary-api\n'),
    await keys(['list', '--json']),
    await keys(['list']),
    await keys(['remove', 'spot']),
    await keys(['remove', 'spto']),
  ];
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 1]);
  expect(JSON.parse(runs[2]!.stdout)).toMatchObject([
    { name: 'desk', venue: 'binanceusdm', environment: 'testnet', kind: 'secret' },
    { name: 'spot', venue: 'binance', environment: 'live', kind: 'private key' },
  ]);
  expect(runs[3]!.stdout).toMatch(/^NAME +VENUE +ENVIRONMENT +KIND +ADDED\ndesk +binanceusdm +testnet +secret/);
  expect(runs[5]!.stderr).toMatch(/no entry "spto"/);
  const file = path.join(folder, 'keys.json');
  const seen = runs.map(({ stdout, stderr }) => stdout + stderr).join() + readFileSync(file, 'utf8');
  expect(seen).not.toContain('canary');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('says what is wrong', async () => {
  const [empty, venue, passphrase] = await Promise.all([
    keys(DESK),
    keys(['add', 'x', '--venue', 'binanceusd', '--environment', 'live'], 'a\nb\n'),
    speed(['keys', 'list'], 'not the passphrase\n', folder, { ...env, SPEED_PASSPHRASE: '' }),
  ]);
  expect([empty.code, venue.code, passphrase.code]).toEqual([1, 2, 1]);
  expect(empty.stderr).toMatch(/API key: nothing was entered/);
  expect(venue.stderr).toMatch(/did you mean "binanceusdm"/);
  expect(passphrase.stderr).toMatch(/the passphrase is wrong, or the file was changed/);
});
