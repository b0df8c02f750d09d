import { createCipheriv, createDecipheriv, randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Secret, SpeedError } from '@speed-protocol/core';

/** One credential. The environment is a part of it: a test key never meets a live host. */
export interface StoredKey {
  readonly venue: string;
  readonly environment: string;
  readonly apiKey: Secret;
  /** HMAC secret. */
  readonly secret?: Secret | undefined;
  /** RSA or Ed25519 key, instead of `secret`. */
  readonly privateKey?: Secret | undefined;
  /** On venues whose keys have one. */
  readonly password?: Secret | undefined;
  /** ms since epoch. */
  readonly addedAt: number;
}

export type StoredKeys = ReadonlyMap<string, StoredKey>;

interface Kdf {
  readonly name: 'scrypt';
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
}
interface Envelope {
  readonly format: typeof FORMAT;
  readonly kdf: Kdf;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

const FORMAT = 'speed-keys-1';
/** 128 MiB and about 0.4 s per guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
/** Of a file that somebody else may have written: it must not make us work for hours. */
const MOST = { N: 2 ** 20, r: 16, p: 4 } as const;
const MIN_PASSPHRASE = 12;
const SECRETS = ['apiKey', 'secret', 'privateKey', 'password'] as const;

/** `SPEED_KEYS`, else `speed/keys.json` in the user's configuration folder. */
export function defaultKeyFile(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env['SPEED_KEYS'] ?? join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'speed', 'keys.json');
}

/**
 * The credentials in a key file; none when there is no file.
 * @throws SpeedError `config`: others may read the file, the passphrase is wrong, or the file was changed
 */
export async function readKeys(file: string, passphrase: Secret): Promise<StoredKeys> {
  const envelope = await readEnvelope(file);
  return envelope ? parseKeys(await decrypt(envelope, passphrase, file)) : new Map();
}

/**
 * Replaces a key file as a whole: a crash leaves the old or the new one. Readable by its owner only. Salt and nonce are
 * drawn anew each time.
 * @throws SpeedError `config` when the passphrase is too short
 */
export async function writeKeys(file: string, passphrase: Secret, keys: StoredKeys): Promise<void> {
  if (passphrase.reveal().length < MIN_PASSPHRASE) {
    throw new SpeedError('config', `The passphrase is too short: use at least ${MIN_PASSPHRASE} characters, e.g. four words`);
  }
  const text = `${JSON.stringify(await encrypt(formatKeys(keys), passphrase), null, 2)}\n`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function readEnvelope(file: string): Promise<Envelope | undefined> {
  const info = await stat(file).catch(() => undefined);
  if (!info) return undefined;
  if (process.platform !== 'win32' && (info.mode & 0o077) !== 0) {
    throw new SpeedError('config', `Others may read the key file ${file}: chmod 600 ${file}`);
  }
  const envelope = parseJson(await readFile(file, 'utf8')) as Partial<Envelope> | undefined;
  if (envelope?.format !== FORMAT || !isSane(envelope.kdf)) {
    throw new SpeedError('config', `${file} is not a key file of this version; move it away and add the keys again`);
  }
  return envelope as Envelope;
}

function isSane(kdf: Kdf | undefined): boolean {
  const within = (value: unknown, most: number) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= most;
  return kdf?.name === 'scrypt' && within(kdf.N, MOST.N) && within(kdf.r, MOST.r) && within(kdf.p, MOST.p);
}

async function encrypt(text: string, passphrase: Secret): Promise<Envelope> {
  const kdf: Kdf = { name: 'scrypt', ...COST, salt: randomBytes(16).toString('base64') };
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', await deriveKey(passphrase, kdf), iv).setAAD(headerOf(kdf));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const tag = cipher.getAuthTag().toString('base64');
  return { format: FORMAT, kdf, iv: iv.toString('base64'), tag, data: data.toString('base64') };
}

async function decrypt({ kdf, iv, tag, data }: Envelope, passphrase: Secret, file: string): Promise<string> {
  try {
    const key = await deriveKey(passphrase, kdf);
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
    decipher.setAAD(headerOf(kdf)).setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]).toString('utf8');
  } catch {
    // What the cipher says distinguishes nothing and may quote input.
    throw new SpeedError('config', `${file} cannot be opened: the passphrase is wrong, or the file was changed`);
  }
}

/** Binds the parameters to the content. */
const headerOf = ({ name, N, r, p, salt }: Kdf): Buffer => Buffer.from([FORMAT, name, N, r, p, salt].join('|'));

function deriveKey(passphrase: Secret, { N, r, p, salt }: Kdf): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    const text = passphrase.reveal().normalize('NFKC');
    scrypt(text, Buffer.from(salt, 'base64'), 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function formatKeys(keys: StoredKeys): string {
  const rows = [...keys].map(([name, key]) => {
    const secrets = SECRETS.flatMap((field) => (key[field] === undefined ? [] : [[field, key[field].reveal()]]));
    return [name, { venue: key.venue, environment: key.environment, addedAt: key.addedAt, ...Object.fromEntries(secrets) }];
  });
  return JSON.stringify(Object.fromEntries(rows));
}

function parseKeys(text: string): StoredKeys {
  const rows = JSON.parse(text) as Record<string, Record<string, string | number>>;
  return new Map(
    Object.entries(rows).map(([name, row]) => {
      const secrets = SECRETS.flatMap((field) => (row[field] === undefined ? [] : [[field, new Secret(String(row[field]))]]));
      return [name, { ...row, ...Object.fromEntries(secrets) } as unknown as StoredKey];
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
