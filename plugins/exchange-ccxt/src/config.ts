import { type Secret, SpeedError } from '@speed-protocol/core';
import { type Option, type OptionsOf, option, parseOptions } from '@speed-protocol/wire';
import type { CcxtExchange } from './types.js';

const ENVIRONMENTS = ['live', 'sandbox', 'sim'] as const;
type Environment = (typeof ENVIRONMENTS)[number];

/** What ccxt itself takes; passed on as it is. */
const settings: Option<Readonly<Record<string, unknown>>> = (value, path) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new SpeedError('config', `${path} must be an object`);
};

const OPTIONS = {
  /** `live`, ccxt's `sandbox` (the exchange's testnet), or `sim`. Credentials belong to one and never leave it. */
  environment: option.optional(option.choice(ENVIRONMENTS)),
  /** `sim`: takes the place of every origin in ccxt's table of URLs; paths stay. */
  origin: option.optional(option.url(['http:', 'https:'])),
  /** Merged into ccxt's `urls` afterwards; within the environment's hosts. */
  urls: option.optional(settings),
  /** Merged into ccxt's `options`, e.g. `{ defaultType: 'swap' }`. */
  options: option.optional(settings),
  apiKey: option.optional(option.text),
  secret: option.optional(option.secret),
  password: option.optional(option.secret),
  privateKey: option.optional(option.secret),
  uid: option.optional(option.text),
  walletAddress: option.optional(option.text),
  /** How client order ids begin; letters and digits only. */
  orderIdPrefix: option.withDefault(option.text, 'speed'),
  /** Length of client order ids; most exchanges take 32. */
  orderIdLength: option.withDefault(option.integer(28, 64), 32),
  /** For one REST sending, connection to last byte, ms. */
  timeoutMs: option.withDefault(option.integer(1, 600_000), 10_000),
} as const;

export interface CcxtConfig extends Omit<OptionsOf<typeof OPTIONS>, 'environment'> {
  readonly environment: Environment;
}

/** Names that ccxt and the configuration share. */
export const CREDENTIALS = ['apiKey', 'secret', 'password', 'privateKey', 'uid', 'walletAddress'] as const;

/**
 * Checks the configuration as the user wrote it.
 * @throws SpeedError `config` naming the wrong key and the nearest right one
 */
export function parseConfig(input: unknown, exchange: Pick<CcxtExchange, 'id' | 'requiredCredentials' | 'urls'>): CcxtConfig {
  const where = `ccxt:${exchange.id}`;
  const config = parseOptions(input, OPTIONS, where);
  if (hasCredentials(config)) assertCredentials(config, exchange, where);
  const environment = config.environment ?? (config.origin === undefined ? 'live' : 'sim');
  if ((config.origin !== undefined) !== (environment === 'sim')) {
    throw new SpeedError(
      'config',
      `${where}: "origin" and the environment "sim" need each other; the environment is "${environment}"`,
    );
  }
  if (environment === 'sandbox' && exchange.urls['test'] === undefined) {
    throw new SpeedError('config', `${where}: ccxt knows no sandbox of this exchange; its environments here are live and sim`);
  }
  return { ...config, environment };
}

/** True when there is anything to sign with. */
export function hasCredentials(config: Partial<Record<(typeof CREDENTIALS)[number], string | Secret | undefined>>): boolean {
  return CREDENTIALS.some((name) => config[name] !== undefined);
}

function assertCredentials(
  config: OptionsOf<typeof OPTIONS>,
  { requiredCredentials }: Pick<CcxtExchange, 'requiredCredentials'>,
  where: string,
): void {
  const missing = CREDENTIALS.filter((name) => requiredCredentials[name] === true && config[name] === undefined);
  if (missing.length > 0) throw new SpeedError('config', `${where} credentials lack ${missing.join(', ')}`);
  if (config.environment === undefined) {
    throw new SpeedError('config', `${where}.environment must be given with credentials: one of ${ENVIRONMENTS.join(', ')}`);
  }
}
