import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Secret } from '@speed-protocol/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CredentialStore } from '../src/keys/credentials.js';
import { readKeys, type StoredKey, writeKeys } from '../src/keys/key-file.js';

// Deriving a key is slow on purpose.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const PASSPHRASE = new Secret('correct horse battery staple');
const key = (name: string, more: Partial<StoredKey> = {}): StoredKey => ({
  venue: 'binance',
  environment: 'live',
  apiKey: new Secret(`api-${name}`),
  secret: new Secret(`canary-${name}`),
  addedAt: 7,
  ...more,
});

let folder: string;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'speed-keys-'));
  file = join(folder, 'deep', 'keys.json');
  await writeKeys(file, PASSPHRASE, new Map([['main', key('main')]]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const failure = (run: Promise<unknown>) =>
  run.then(
    () => expect.unreachable('it did not fail'),
    (error: Error) => error,
  );

describe('the key file', () => {
  it('gives back what was put in, and shows none of it', async () => {
    const main = (await readKeys(file, PASSPHRASE)).get('main')!;
    expect([main.apiKey.reveal(), main.secret?.reveal(), main.venue, main.addedAt]).toEqual([
      'api-main',
      'canary-main',
      'binance',
      7,
    ]);
    expect(inspect(main) + JSON.stringify(main)).not.toMatch(/canary|api-main/);
    expect(readFileSync(file, 'utf8')).not.toMatch(/canary|api-main|binance|live/);
  });

  it('is its owner’s alone, and refused when it is not', async () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700);
    const open = join(folder, 'open.json');
    writeFileSync(open, readFileSync(file), { mode: 0o600 });
    chmodSync(open, 0o640);
    expect((await failure(readKeys(open, PASSPHRASE))).message).toContain(`chmod 600 ${open}`);
  });

  it('refuses a wrong passphrase and any change, without saying which', async () => {
    const wrong = await failure(readKeys(file, new Secret('correct horse battery stapler')));
    const envelope = JSON.parse(readFileSync(file, 'utf8')) as { data: string; iv: string; tag: string; kdf: { salt: string } };
    const flip = (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
    const changed = { ...envelope, data: flip(envelope.data) };
    const short = { ...envelope, tag: envelope.tag.slice(0, 8) };
    for (const each of [changed, short, { ...envelope, iv: flip(envelope.iv) }]) {
      const copy = join(folder, 'changed.json');
      writeFileSync(copy, JSON.stringify(each), { mode: 0o600 });
      const error = await failure(readKeys(copy, PASSPHRASE));
      expect(error.message.replace(copy, '')).toBe(wrong.message.replace(file, ''));
    }
  });

  it.each([
    ['not JSON', 'hello'],
    ['another format', '{"format":"other"}'],
    ['work for hours', '{"format":"speed-keys-1","kdf":{"name":"scrypt","N":1073741824,"r":8,"p":1,"salt":""}}'],
  ])('refuses %s', async (_, text) => {
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, text, { mode: 0o600 });
    expect((await failure(readKeys(bad, PASSPHRASE))).message).toContain('is not a key file');
  });

  it('uses each salt and nonce once, and leaves nothing else behind', async () => {
    const twice = join(folder, 'twice', 'keys.json');
    const read = () => JSON.parse(readFileSync(twice, 'utf8')) as { iv: string; kdf: { salt: string } };
    await writeKeys(twice, PASSPHRASE, new Map());
    const first = read();
    await writeKeys(twice, PASSPHRASE, new Map([['a', key('a')]]));
    expect(read().iv).not.toBe(first.iv);
    expect(read().kdf.salt).not.toBe(first.kdf.salt);
    await expect(writeKeys(twice, new Secret('short'), new Map())).rejects.toMatchObject({ kind: 'config' });
    expect([...(await readKeys(twice, PASSPHRASE)).keys()]).toEqual(['a']);
  });

  it('is empty when it is not there', async () => {
    expect((await readKeys(join(folder, 'nowhere'), PASSPHRASE)).size).toBe(0);
  });
});

describe('credentials of accounts', () => {
  const account = (more: object) => ({ venue: 'binance', config: {}, ...more }) as never;

  it('come from variables, which can be forgotten, and from files', async () => {
    const secretFile = join(folder, 'secret');
    writeFileSync(secretFile, 'canary-file\n');
    const env = { KEY: 'canary-env' };
    const store = new CredentialStore({ env, forget: true });
    const sources = { apiKey: { env: 'KEY' }, secret: { file: secretFile } };
    for (let round = 0; round < 2; round++) {
      const { apiKey, secret } = await store.of('main', account(sources), undefined);
      expect([apiKey?.reveal(), secret?.reveal()]).toEqual(['canary-env', 'canary-file']);
    }
    expect(env).toEqual({});
    expect(inspect(store, { depth: 9, showHidden: true })).not.toContain('canary');
  });

  it('come from the key file, for its own venue and environment only', async () => {
    const store = new CredentialStore({ keyFile: file, passphrase: PASSPHRASE });
    const { environment, secret } = await store.of('a', account({ key: 'main' }), undefined);
    expect([environment, secret?.reveal()]).toEqual(['live', 'canary-main']);
    for (const [wrong, environment, message] of [
      [{ key: 'main' }, 'testnet', /is for binance live, and this account is binance testnet/],
      [{ key: 'main', venue: 'binanceusdm' }, 'live', /is for binance live/],
      [{ key: 'mian' }, 'live', /no entry "mian"; did you mean "main"/],
    ] as const) {
      expect((await failure(store.of('a', account(wrong), environment))).message).toMatch(message);
    }
  });

  it('say what is missing', async () => {
    const store = new CredentialStore({ env: {} });
    const error = await failure(store.of('main', account({ secret: { env: 'NOT_SET' } }), 'live'));
    expect(error.message).toBe('accounts.main.secret: the environment variable NOT_SET is not set');
    expect((await failure(store.of('main', account({ key: 'x' }), 'live'))).message).toContain('SPEED_PASSPHRASE is not set');
  });
});
