import { readFile } from 'node:fs/promises';
import { nearest, Secret, SpeedError } from '@speed-protocol/core';
import { type AccountConfig, CREDENTIAL_FIELDS, type SecretSource } from '../config/accounts.js';
import { defaultKeyFile, readKeys, type StoredKey, type StoredKeys } from './key-file.js';

export const CREDENTIAL_STORE = Symbol.for('speed.credential-store');

export interface CredentialOptions {
  /** Default: the process's own. */
  readonly env?: Record<string, string | undefined> | undefined;
  /** Removes a variable once it has been read: children and diagnostic reports of this process do not get it. */
  readonly forget?: boolean | undefined;
  /** Default: {@link defaultKeyFile}. */
  readonly keyFile?: string | undefined;
  /** Of the key file; default: the variable `SPEED_PASSPHRASE`. */
  readonly passphrase?: Secret | undefined;
}

export type Credentials = Partial<Pick<StoredKey, (typeof CREDENTIAL_FIELDS)[number] | 'environment'>>;

/** Gets the credentials of accounts from where the configuration says that they are, and keeps them as secrets. */
export class CredentialStore {
  readonly #variables = new Map<string, Secret>();
  #keys: Promise<StoredKeys> | undefined;

  constructor(private readonly options: CredentialOptions = {}) {}

  /**
   * Credentials of an account, with the environment that they belong to.
   * @param environment what the configuration says of it
   * @throws SpeedError `config` naming the account, and the variable, file or entry that is missing
   */
  async of(name: string, account: AccountConfig, environment: string | undefined): Promise<Credentials> {
    if (account.key !== undefined) return this.#stored(name, account.key, account.venue, environment);
    const found: Partial<Record<(typeof CREDENTIAL_FIELDS)[number], Secret>> = {};
    for (const field of CREDENTIAL_FIELDS) {
      const source = account[field];
      if (source) found[field] = await this.#read(source, `accounts.${name}.${field}`);
    }
    return { ...found, ...(environment !== undefined && { environment }) };
  }

  async #read(source: SecretSource, where: string): Promise<Secret> {
    if (source instanceof Secret) return source;
    if ('literal' in source) return source.literal;
    return 'env' in source ? this.#variable(source.env, where) : readSecretFile(source.file, where);
  }

  #variable(variable: string, where: string): Secret {
    const { env = process.env, forget } = this.options;
    const known = this.#variables.get(variable);
    if (known) return known;
    const text = env[variable];
    if (!text) throw new SpeedError('config', `${where}: the environment variable ${variable} is not set`);
    const secret = new Secret(text);
    this.#variables.set(variable, secret);
    if (forget) delete env[variable];
    return secret;
  }

  async #stored(name: string, entry: string, venue: string, environment: string | undefined): Promise<Credentials> {
    const keys = await this.#openKeys(name);
    const key = keys.get(entry);
    if (!key) {
      const near = nearest(entry, keys.keys());
      const hint = near ? `; did you mean "${near}"?` : '; add it with: speed keys add';
      throw new SpeedError('config', `accounts.${name}.key: the key file has no entry "${entry}"${hint}`);
    }
    if (key.venue !== venue || (environment !== undefined && key.environment !== environment)) {
      const wanted = `${venue} ${environment ?? ''}`.trim();
      const message = `the key "${entry}" is for ${key.venue} ${key.environment}, and this account is ${wanted}; a key never changes its environment`;
      throw new SpeedError('config', `accounts.${name}.key: ${message}`);
    }
    const { venue: _, addedAt: __, ...credentials } = key;
    return credentials;
  }

  #openKeys(name: string): Promise<StoredKeys> {
    const { keyFile = defaultKeyFile(this.options.env), passphrase } = this.options;
    this.#keys ??= readKeys(keyFile, passphrase ?? this.#variable('SPEED_PASSPHRASE', `accounts.${name}.key`));
    // A wrong passphrase is not kept: the next account may be asked again.
    this.#keys.catch(() => {
      this.#keys = undefined;
    });
    return this.#keys;
  }
}

async function readSecretFile(file: string, where: string): Promise<Secret> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new SpeedError('config', `${where}: cannot read ${file}: ${cause.code ?? 'error'}`, { cause });
  });
  if (text.trim() === '') throw new SpeedError('config', `${where}: ${file} is empty`);
  return new Secret(text.trim());
}
