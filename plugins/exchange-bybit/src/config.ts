import { defineConfig, option } from '@speed-protocol/wire';

/** The venue id of this plugin, as ccxt names it. */
export type VenueId = 'bybit';

/** Where an account was opened: keys are good there only. */
const REGIONS = ['global', 'nl', 'eu', 'tr', 'kz', 'ge', 'id', 'jp'] as const;

/** One place has one host for REST and one for all streams; the order socket is not everywhere. */
const at = (rest: string, stream: string, orders = false) => ({
  rest: `https://${rest}`,
  ws: `wss://${stream}`,
  /** Of accounts. */
  wsPrivate: `wss://${stream}`,
  /** Of orders; `undefined` where they go over REST only. */
  wsTrade: orders ? `wss://${stream}` : undefined,
});

/** https://bybit-exchange.github.io/docs/v5/guide#authentication: hosts by where an account was opened. */
const LIVE = {
  global: at('api.bybit.com', 'stream.bybit.com', true),
  nl: at('api.bybit.nl', 'stream.bybit.nl'),
  eu: at('api.bybit.eu', 'stream.bybit.eu'),
  tr: at('api.bybit.tr', 'stream.bybit.tr', true),
  kz: at('api.bybit.kz', 'stream.bybit.kz', true),
  ge: at('api.bybitgeorgia.ge', 'stream.bybitgeorgia.ge'),
  id: at('api.bybit.id', 'stream.bybit.id'),
  jp: at('api.manepa.jp', 'stream.manepa.jp'),
} as const;
const TESTNET = at('api-testnet.bybit.com', 'stream-testnet.bybit.com', true);
/** Demo trading reads the live market: https://bybit-exchange.github.io/docs/v5/demo */
const DEMO = { ...at('api-demo.bybit.com', 'stream.bybit.com'), wsPrivate: 'wss://stream-demo.bybit.com' };

const OPTIONS = {
  /** `live`: where the account was opened. */
  region: option.withDefault(option.choice(REGIONS), 'global'),
  apiKey: option.optional(option.text),
  /** Of a key that the venue made, its secret; of a self-made RSA key, the private key as PEM. */
  secret: option.optional(option.secret),
  /** How client order ids begin. */
  orderIdPrefix: option.withDefault(option.matching(/^[\w-]{1,16}$/, '1 to 16 letters, digits, - and _'), 'speed'),
  /** How long a request may be on its way until the venue refuses it, ms. */
  recvWindowMs: option.withDefault(option.integer(1, 60_000), 5_000),
} as const;

export const { parseConfig, resolveVenue, missingCredentials } = defineConfig({
  plugin: 'bybit',
  venues: ['bybit'],
  environments: ['live', 'testnet', 'demo'],
  origins: ['rest', 'ws', 'wsPrivate', 'wsTrade'],
  options: OPTIONS,
  credentials: { sets: [['apiKey', 'secret']], text: 'an apiKey and a secret' },
  hosted: ({ region }, environment) => {
    if (environment === 'testnet') return { origins: TESTNET, place: environment };
    if (environment === 'demo') return { origins: DEMO, place: environment };
    const moreHosts = region === 'global' ? ['api.bytick.com', 'stream.bytick.com'] : [];
    return { origins: LIVE[region], moreHosts, place: `live-${region}` };
  },
  companyDomains: [
    ...['com', 'nl', 'eu', 'tr', 'kz', 'ae', 'id'].map((country) => `bybit.${country}`),
    ...['bytick.com', 'bybitgeorgia.ge', 'manepa.jp'],
  ],
});

export type BybitConfig = ReturnType<typeof parseConfig>;
