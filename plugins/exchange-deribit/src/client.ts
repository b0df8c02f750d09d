import { hmacSigner, type Signer, type SignHook, type UnsignedRequest, venueClients } from '@speed-protocol/wire';
import { type DeribitConfig, resolveVenue, type VenueId } from './config.js';
import { BUCKETS, ENDPOINTS, EXPIRING_METHODS } from './endpoints.js';
import { ERRORS } from './errors.js';
import type { Reply } from './types.js';

/** The REST client of the venue. */
export const createClient = venueClients<VenueId, DeribitConfig, typeof ENDPOINTS>({
  ...{ resolve: resolveVenue, endpoints: ENDPOINTS, buckets: BUCKETS, errors: ERRORS, sign: signHook },
  // Credits belong to an account, and to an address where there is none.
  pool: (place, { apiKey = '' }) => `deribit@${place}/${apiKey}`,
  time: { endpoint: 'time', read: (body) => (body as Reply<number>).result },
});

/** What the venue refuses when it comes late. */
const EXPIRING: ReadonlySet<string> = new Set(EXPIRING_METHODS.map((method) => `/api/v2/${method}`));

/** Each request signs itself: no token to keep. */
function signHook({ apiKey, secret, recvWindowMs }: DeribitConfig): SignHook | undefined {
  if (apiKey === undefined || secret === undefined) return undefined;
  const signer = hmacSigner(secret, 'hex');
  return (request) => {
    const { path, timestamp } = request;
    const query = EXPIRING.has(path) ? `${request.query}&valid_until=${timestamp + recvWindowMs}` : request.query;
    return { query, headers: { authorization: authorizationOf({ ...request, query }, apiKey, drawNonce(), signer) } };
  };
}

/** https://docs.deribit.com/#request-signing: time, nonce, method, path with query, and body, a line each. */
export function authorizationOf(
  { method, path, query, body, timestamp }: Pick<UnsignedRequest, 'method' | 'path' | 'query' | 'body' | 'timestamp'>,
  clientId: string,
  nonce: string,
  signer: Signer,
): string {
  const target = query === '' ? path : `${path}?${query}`;
  const signature = signer(`${timestamp}\n${nonce}\n${method}\n${target}\n${body}\n`);
  return `deri-hmac-sha256 id=${clientId},ts=${timestamp},nonce=${nonce},sig=${signature}`;
}

/** Good for one request. */
export function drawNonce(): string {
  return crypto.randomUUID().slice(0, 8);
}
