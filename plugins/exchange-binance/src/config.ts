import { defineConfig, hostOf, option } from '@speed-protocol/wire';

const HOSTED = ['live', 'testnet', 'demo'] as const;
export const ENVIRONMENTS = [...HOSTED, 'sim'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** Venue ids of this plugin, as ccxt names them. */
export const VENUE_IDS = ['binance', 'binanceusdm', 'binancecoinm'] as const;
export type VenueId = (typeof VENUE_IDS)[number];

/**
 * Origins of one venue in one environment; paths come from the tables. `ws` is the stream host, `api` that of the WebSocket
 * API (orders, and spot's user data), absent where there is none.
 */
interface VenueUrls {
  readonly rest: string;
  readonly ws: string;
  readonly api?: string | undefined;
}

/** https://developers.binance.com/docs: "General info" of each product; the legacy futures testnet shares one REST host. */
const URLS: Readonly<Record<(typeof HOSTED)[number], Readonly<Record<VenueId, VenueUrls>>>> = {
  live: {
    binance: { rest: 'https://api.binance.com', ws: 'wss://stream.binance.com:9443', api: 'wss://ws-api.binance.com' },
    binanceusdm: { rest: 'https://fapi.binance.com', ws: 'wss://fstream.binance.com', api: 'wss://ws-fapi.binance.com' },
    binancecoinm: { rest: 'https://dapi.binance.com', ws: 'wss://dstream.binance.com', api: 'wss://ws-dapi.binance.com' },
  },
  testnet: {
    binance: {
      rest: 'https://testnet.binance.vision',
      ws: 'wss://stream.testnet.binance.vision',
      api: 'wss://ws-api.testnet.binance.vision',
    },
    binanceusdm: {
      rest: 'https://testnet.binancefuture.com',
      ws: 'wss://fstream.binancefuture.com',
      api: 'wss://testnet.binancefuture.com',
    },
    binancecoinm: {
      rest: 'https://testnet.binancefuture.com',
      ws: 'wss://dstream.binancefuture.com',
      api: 'wss://testnet.binancefuture.com',
    },
  },
  demo: {
    binance: {
      rest: 'https://demo-api.binance.com',
      ws: 'wss://demo-stream.binance.com',
      api: 'wss://demo-ws-api.binance.com',
    },
    // The futures' demo has no order socket of its own that is documented.
    binanceusdm: { rest: 'https://demo-fapi.binance.com', ws: 'wss://demo-fstream.binance.com' },
    binancecoinm: { rest: 'https://demo-dapi.binance.com', ws: 'wss://demo-dstream.binance.com' },
  },
};

/** Further hosts of an environment that an override may name: mirrors, market-data-only hosts, hosts for market makers. */
const MORE_HOSTS: Readonly<Record<(typeof HOSTED)[number], Readonly<Record<VenueId, readonly string[]>>>> = {
  live: {
    binance: [
      'ws-api.binance.com:9443',
      'api-gcp.binance.com',
      'api1.binance.com',
      'api2.binance.com',
      'api3.binance.com',
      'api4.binance.com',
      'data-api.binance.vision',
      'stream.binance.com',
      'stream.binance.com:443',
      'data-stream.binance.vision',
      'data-stream.binance.vision:9443',
    ],
    binanceusdm: ['fstream-mm.binance.com', 'ws-fapi-mm.binance.com'],
    binancecoinm: ['dstream-mm.binance.com', 'dstream-auth.binance.com', 'ws-dapi-mm.binance.com'],
  },
  testnet: {
    binance: ['api1.testnet.binance.vision', 'stream.testnet.binance.vision:9443'],
    binanceusdm: [],
    binancecoinm: [],
  },
  demo: {
    binance: ['demo-stream.binance.com:9443'],
    binanceusdm: ['fstream.binancefuture.com'],
    binancecoinm: ['dstream.binancefuture.com'],
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
    origins: { api: undefined, ...URLS[environment][venue] },
    moreHosts: VENUE_IDS.flatMap((id) => [...originsOf(URLS[environment][id]).map(hostOf), ...MORE_HOSTS[environment][id]]),
    place: environment,
  }),
  companyDomains: ['binance.com', 'binance.vision', 'binancefuture.com', 'binance.us', 'binance.info'],
});

export type BinanceConfig = ReturnType<typeof parseConfig>;

function originsOf({ rest, ws, api }: VenueUrls): readonly string[] {
  return api === undefined ? [rest, ws] : [rest, ws, api];
}
