import { defineConfig, option } from '@speed-protocol/wire';

/** The venue id of this plugin, as ccxt names it. */
export type VenueId = 'okx';

/** Where an account was opened: keys are good there only. */
const REGIONS = ['global', 'eea', 'us'] as const;

/**
 * https://www.okx.com/docs-v5/en/#overview-production-trading-services. Demo trading has stream hosts of its own and shares
 * the REST hosts, where a header tells it apart (see {@link headersOf}); the venue refuses a key of the other kind.
 */
const ORIGINS = {
  live: {
    global: { rest: 'https://openapi.okx.com', ws: 'wss://ws.okx.com:8443' },
    eea: { rest: 'https://eea.okx.com', ws: 'wss://wseea.okx.com:8443' },
    us: { rest: 'https://us.okx.com', ws: 'wss://wsus.okx.com:8443' },
  },
  demo: {
    global: { rest: 'https://openapi.okx.com', ws: 'wss://wspap.okx.com:8443' },
    eea: { rest: 'https://eea.okx.com', ws: 'wss://wseeapap.okx.com:8443' },
    us: { rest: 'https://us.okx.com', ws: 'wss://wsuspap.okx.com:8443' },
  },
} as const;

/** Further hosts that an override may name. */
const MORE_HOSTS = { global: ['www.okx.com', 'aws.okx.com'], eea: [], us: [] } as const;

const OPTIONS = {
  /** Where the account was opened: my.okx.com is `eea`, app.okx.com is `us`. */
  region: option.withDefault(option.choice(REGIONS), 'global'),
  apiKey: option.optional(option.text),
  secret: option.optional(option.secret),
  /** The passphrase that was chosen when the key was made. */
  password: option.optional(option.secret),
  /** How client order ids begin. */
  orderIdPrefix: option.withDefault(option.matching(/^[A-Za-z0-9]{1,11}$/, '1 to 11 letters and digits'), 'speed'),
  /** How long an order or amendment may be on its way until the venue refuses it, ms. */
  recvWindowMs: option.withDefault(option.integer(1, 30_000), 5_000),
} as const;

export const { parseConfig, resolveVenue, missingCredentials } = defineConfig({
  plugin: 'okx',
  venues: ['okx'],
  environments: ['live', 'demo'],
  origins: ['rest', 'ws'],
  options: OPTIONS,
  credentials: { sets: [['apiKey', 'secret', 'password']], text: 'an apiKey, a secret and a password (the passphrase)' },
  hosted: ({ region }, environment) => ({
    origins: ORIGINS[environment][region],
    moreHosts: MORE_HOSTS[region],
    place: `${environment}-${region}`,
  }),
  companyDomains: ['okx.com', 'okex.com', 'okg.com'],
});

export type OkxConfig = ReturnType<typeof parseConfig>;

/** Sent with every REST request. */
export function headersOf({ environment }: Pick<OkxConfig, 'environment'>): Readonly<Record<string, string>> {
  return environment === 'demo' ? { 'x-simulated-trading': '1' } : {};
}
