import {
  createVenueClient,
  hmacSigner,
  joinRateGates,
  keySigner,
  keyTypeOf,
  type Row,
  type SignedRequest,
  type Signer,
  type SignHook,
  sharedRateGate,
  type UnsignedRequest,
  type VenueContext,
} from '@speed-protocol/wire';
import { type BinanceConfig, resolveVenue, type VenueId } from './config.js';
import { ACCOUNT_BUCKETS, BUCKETS, endpointsOf, POOL_OF } from './endpoints.js';
import { ERRORS } from './errors.js';

/** The REST client of one venue. Venues that share a pool of allowances share its gate. */
export function createClient(venue: VenueId, context: VenueContext<BinanceConfig>) {
  const { config, clock } = context;
  const hosted = resolveVenue(config, venue);
  const pool = POOL_OF[venue];
  const account = `${pool}@${hosted.place}/${config.apiKey ?? ''}`;
  return createVenueClient(context, {
    venue,
    hosted,
    endpoints: endpointsOf(venue) as Required<ReturnType<typeof endpointsOf>>,
    sign: signHook(config),
    errors: ERRORS[venue],
    gate: joinRateGates(
      sharedRateGate(`${pool}@${hosted.place}`, BUCKETS[pool], clock),
      sharedRateGate(account, ACCOUNT_BUCKETS[pool], clock),
    ),
    time: { endpoint: 'time', read: (body) => Number((body as Row).serverTime) },
  });
}

/** Key in the header; the signature covers query and body, joined without a separator, and comes last. */
function signHook(config: BinanceConfig): SignHook | undefined {
  const credentials = credentialsOf(config);
  if (!credentials) return undefined;
  const headers = { 'x-mbx-apikey': credentials.apiKey };
  return (request) => {
    if (request.auth === 'key') return { headers };
    const { query, body } = sign(request, credentials.sign, config.recvWindowMs);
    return { query, body, headers };
  };
}

/** A key and what signs with it. */
export interface Credentials {
  readonly apiKey: string;
  readonly sign: Signer;
  /** A socket may log on once and leave the signatures out: Ed25519 keys only. */
  readonly canLogOn: boolean;
}

/** @throws SpeedError `config` when the private key cannot be read */
export function credentialsOf(config: BinanceConfig): Credentials | undefined {
  const { apiKey, secret, privateKey } = config;
  if (apiKey === undefined) return undefined;
  if (secret) return { apiKey, sign: hmacSigner(secret, 'hex'), canLogOn: false };
  if (!privateKey) return undefined;
  return { apiKey, sign: keySigner(privateKey, 'base64'), canLogOn: keyTypeOf(privateKey) === 'ed25519' };
}

/** Adds `recvWindow`, `timestamp` and `signature` to the body when there is one, else to the query. */
export function sign(
  request: Pick<UnsignedRequest, 'query' | 'body' | 'timestamp'>,
  signer: Signer,
  recvWindowMs: number,
): SignedRequest {
  const stamp = `recvWindow=${recvWindowMs}&timestamp=${request.timestamp}`;
  const inBody = request.body !== '';
  const text = inBody ? request.body : request.query;
  const own = text === '' ? stamp : `${text}&${stamp}`;
  const signature = encoded(signer(inBody ? request.query + own : own));
  const signed = `${own}&signature=${signature}`;
  return inBody ? { body: signed } : { query: signed };
}

/** Base64 in a query. Hex has nothing to encode, and to see that costs less than encoding it. */
function encoded(signature: string): string {
  const isPlain = !signature.includes('=') && !signature.includes('+') && !signature.includes('/');
  return isPlain ? signature : encodeURIComponent(signature);
}
