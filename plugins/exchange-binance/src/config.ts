import { defineConfig, hostOf, option } from '@speed-protocol/wire';

const HOSTED = ['live', 'testnet', 'demo'] as const;
export const ENVIRONMENTS = [...HOSTED, 'sim'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** Venue ids of this plugin, as ccxt names them. */
export const VENUE_IDS = ['binance', 'binanceusdm', 'binancecoinm'] as const;
export type VenueId = (typeof VENUE_IDS)[number];

/** The same for all products, or for each: spot, USD-M, COIN-M. */
export type Column<T> = T | readonly [spot: T, usdm: T, coinm: T];

/** What a column says of a product. */
export function ofVenue<T>(column: Column<T>, venue: VenueId): T {
  return (Array.isArray(column) ? column[VENUE_IDS.indexOf(venue)] : column) as T;
}

/**
 * Origins of one venue in one environment; paths come from the tables. `ws` is the stream host, `api` that of the WebSocket
 * API (orders, and spot's user data), absent where there is none. An override may name further hosts.
 */
const at = (rest: string, ws: string, api?: string, moreHosts: readonly string[] = []) => ({
  origins: { rest: `https://${rest}`, ws: `wss://${ws}`, api: api === undefined ? undefined : `wss://${api}` },
  moreHosts,
});

/** Mirrors, hosts for market data only, hosts for market makers. */
const MORE_HOSTS = {
  binance: [
    ...['ws-api.binance.com:9443', 'api-gcp.binance.com', 'api1.binance.com', 'api2.binance.com', 'api3.binance.com'],
    ...['api4.binance.com', 'data-api.binance.vision', 'stream.binance.com', 'stream.binance.com:443'],
    ...['data-stream.binance.vision', 'data-stream.binance.vision:9443'],
  ],
  binanceusdm: ['fstream-mm.binance.com', 'ws-fapi-mm.binance.com'],
  binancecoinm: ['dstream-mm.binance.com', 'dstream-auth.binance.com', 'ws-dapi-mm.binance.com'],
};
const MORE_TEST_HOSTS = ['api1.testnet.binance.vision', 'stream.testnet.binance.vision:9443'];
const [SPOT_TEST, FUTURES_TEST] = ['testnet.binance.vision', 'testnet.binancefuture.com'] as const;

/**
 * https://developers.binance.com/docs: "General info" of each product; the legacy futures testnet shares one REST host. The
 * futures' demo has no order socket of its own that is documented.
 */
const HOSTS: Readonly<Record<(typeof HOSTED)[number], Readonly<Record<VenueId, ReturnType<typeof at>>>>> = {
  live: {
    binance: at('api.binance.com', 'stream.binance.com:9443', 'ws-api.binance.com', MORE_HOSTS.binance),
    binanceusdm: at('fapi.binance.com', 'fstream.binance.com', 'ws-fapi.binance.com', MORE_HOSTS.binanceusdm),
    binancecoinm: at('dapi.binance.com', 'dstream.binance.com', 'ws-dapi.binance.com', MORE_HOSTS.binancecoinm),
  },
  testnet: {
    binance: at(SPOT_TEST, `stream.${SPOT_TEST}`, `ws-api.${SPOT_TEST}`, MORE_TEST_HOSTS),
    binanceusdm: at(FUTURES_TEST, 'fstream.binancefuture.com', FUTURES_TEST),
    binancecoinm: at(FUTURES_TEST, 'dstream.binancefuture.com', FUTURES_TEST),
  },
  demo: {
    binance: at('demo-api.binance.com', 'demo-stream.binance.com', 'demo-ws-api.binance.com', ['demo-stream.binance.com:9443']),
    binanceusdm: at('demo-fapi.binance.com', 'demo-fstream.binance.com', undefined, ['fstream.binancefuture.com']),
    binancecoinm: at('demo-dapi.binance.com', 'demo-dstream.binance.com', undefined, ['dstream.binancefuture.com']),
  },
};

const OPTIONS = {
  /** Goes into headers, signatures and JSON as it is. */
  apiKey: option.optional(option.matching(/^[!#-[\]-~]+$/, 'letters, digits and signs without spaces, quotes and backslashes')),
  /** HMAC secret. */
  secret: option.optional(option.secret),
  /** RSA or Ed25519 key, PEM or base64 PKCS#8; instead of `secret`. */
  privateKey: option.optional(option.secret),
  /** How old a signed request may be when it arrives, ms. */
  recvWindowMs: option.withDefault(option.integer(1, 60_000), 5_000),
  /** How our client order ids begin. Whoever shares it on one account takes the orders of the other for their own. */
  orderIdPrefix: option.withDefault(option.matching(/^[a-zA-Z0-9_-]{1,16}$/, '1 to 16 letters, digits, "-" or "_"'), 'speed-'),
} as const;

export const { parseConfig, resolveVenue, missingCredentials } = defineConfig({
  plugin: 'binance',
  venues: VENUE_IDS,
  environments: HOSTED,
  origins: ['rest', 'ws', 'api'],
  options: OPTIONS,
  credentials: {
    sets: [
      ['apiKey', 'secret'],
      ['apiKey', 'privateKey'],
    ],
    text: 'an apiKey and either a secret (HMAC) or a privateKey (RSA, Ed25519)',
  },
  // One configuration serves all products: each may name the hosts of all.
  hosted: (_, environment, venue) => ({
    origins: HOSTS[environment][venue].origins,
    moreHosts: Object.values(HOSTS[environment]).flatMap(hostsOf),
    place: environment,
  }),
  companyDomains: ['binance.com', 'binance.vision', 'binancefuture.com', 'binance.us', 'binance.info'],
});

export type BinanceConfig = ReturnType<typeof parseConfig>;

function hostsOf({ origins, moreHosts }: ReturnType<typeof at>): readonly string[] {
  return [...Object.values(origins).flatMap((origin) => (origin === undefined ? [] : [hostOf(origin)])), ...moreHosts];
}
