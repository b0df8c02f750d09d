import { defineConfig, option } from '@speed-protocol/wire';

/** The venue id of this plugin, as ccxt names it. */
export type VenueId = 'deribit';

/** https://docs.deribit.com/#environments. Accounts and keys of the two have nothing to do with each other. */
const ORIGINS = {
  live: { rest: 'https://www.deribit.com', ws: 'wss://www.deribit.com' },
  testnet: { rest: 'https://test.deribit.com', ws: 'wss://test.deribit.com' },
} as const;

const OPTIONS = {
  /** The venue's client id. */
  apiKey: option.optional(option.text),
  /** The venue's client secret. */
  secret: option.optional(option.secret),
  /** How sockets log in: by a signature, or by sending the secret itself. REST always signs. */
  grant: option.withDefault(option.choice(['client_signature', 'client_credentials']), 'client_signature'),
  /** What a login asks for, in the venue's words, e.g. `session:desk` or `expires:900`; by default all that the key permits. */
  scope: option.optional(option.text),
  /** The venue cancels what came over the order socket when that connection is lost: a dead man's switch without a timer. */
  cancelOnDisconnect: option.withDefault(option.choice(['on', 'off']), 'off'),
  /** How labels begin, by which orders are told to be ours. */
  orderIdPrefix: option.withDefault(option.matching(/^[\x21-\x7e]{1,40}$/, '1 to 40 printable characters'), 'speed-'),
  /** How long an order or amendment may be on its way until the venue refuses it, ms. */
  recvWindowMs: option.withDefault(option.integer(1, 60_000), 5_000),
} as const;

export const { parseConfig, resolveVenue, missingCredentials } = defineConfig({
  plugin: 'deribit',
  venues: ['deribit'],
  environments: ['live', 'testnet'],
  origins: ['rest', 'ws'],
  options: OPTIONS,
  credentials: { sets: [['apiKey', 'secret']], text: 'an apiKey (client id) and a secret (client secret)' },
  hosted: (_, environment) => ({ origins: ORIGINS[environment], place: environment }),
  companyDomains: ['deribit.com'],
});

export type DeribitConfig = ReturnType<typeof parseConfig>;
