import { readFile } from 'node:fs/promises';
import { nearest, Secret, SpeedError } from '@speed-protocol/core';
import { defaultKeyFile, Plugins, readKeys, type StoredKey, writeKeys } from '@speed-protocol/host';
import type { AddKeyOptions, KeysOptions } from '../commands/keys.js';
import { type Console, note, printJson, table, write } from '../console.js';
import { APP_DIRECTORY, findVenue } from '../venues.js';
import { Secrets } from './secrets.js';

export async function addKey(console: Console, name: string, options: AddKeyOptions): Promise<void> {
  const { venue, environment, privateKeyFile, password } = options;
  findVenue(await Plugins.discover({ directories: [process.cwd(), APP_DIRECTORY] }), venue);
  using secrets = new Secrets(console);
  const file = options.file ?? defaultKeyFile();
  const passphrase = await passphraseOf(secrets);
  const keys = new Map(await readKeys(file, passphrase));
  const key: StoredKey = {
    ...{ venue, environment, addedAt: Date.now() },
    apiKey: await secrets.ask('API key'),
    ...(privateKeyFile === undefined
      ? { secret: await secrets.ask('Secret') }
      : { privateKey: await readPrivateKey(privateKeyFile) }),
    ...(password && { password: await secrets.ask('Password of the key') }),
  };
  const isNew = !keys.has(name);
  keys.set(name, key);
  await writeKeys(file, passphrase, keys);
  note(console, `${isNew ? 'added' : 'replaced'} "${name}" for ${venue} ${environment} in ${file}`);
}

export async function listKeys(console: Console, options: KeysOptions): Promise<void> {
  using secrets = new Secrets(console);
  const keys = await readKeys(options.file ?? defaultKeyFile(), await passphraseOf(secrets));
  const rows = [...keys].map(([name, { venue, environment, privateKey, addedAt }]) => {
    return { name, venue, environment, kind: privateKey ? 'private key' : 'secret', addedAt };
  });
  if (options.json) return printJson(console, rows);
  const cells = rows.map((row) => [row.name, row.venue, row.environment, row.kind, new Date(row.addedAt).toISOString()]);
  await write(console, table(['NAME', 'VENUE', 'ENVIRONMENT', 'KIND', 'ADDED'], cells));
}

export async function removeKey(console: Console, name: string, options: KeysOptions): Promise<void> {
  using secrets = new Secrets(console);
  const file = options.file ?? defaultKeyFile();
  const passphrase = await passphraseOf(secrets);
  const keys = new Map(await readKeys(file, passphrase));
  if (!keys.delete(name)) {
    const near = nearest(name, keys.keys());
    throw new SpeedError('not-found', `${file} has no entry "${name}"${near ? `; did you mean "${near}"?` : ''}`);
  }
  await writeKeys(file, passphrase, keys);
  note(console, `removed "${name}" from ${file}`);
}

/** From the environment, which then forgets it; else asked for. */
export async function passphraseOf(secrets: Secrets): Promise<Secret> {
  const text = process.env['SPEED_PASSPHRASE'];
  delete process.env['SPEED_PASSPHRASE'];
  return text ? new Secret(text) : secrets.ask('Passphrase of the key file');
}

async function readPrivateKey(file: string): Promise<Secret> {
  const text = await readFile(file, 'utf8');
  if (!text.includes('PRIVATE KEY')) throw new SpeedError('config', `${file} holds no PEM private key`);
  return new Secret(text.trim());
}
