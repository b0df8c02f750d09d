import { hmacSigner, type Row, type Signer, type SignHook, type UnsignedRequest, venueClients } from '@speed-protocol/wire';
import { headersOf, type OkxConfig, resolveVenue, type VenueId } from './config.js';
import { BUCKETS, ENDPOINTS } from './endpoints.js';
import { ERRORS } from './errors.js';
import type { Reply } from './types.js';

/** The REST client of the venue. */
export const createClient = venueClients<VenueId, OkxConfig, typeof ENDPOINTS>({
  ...{ resolve: resolveVenue, endpoints: ENDPOINTS, buckets: BUCKETS, errors: ERRORS, sign: signHook, headers: headersOf },
  pool: (place) => `okx@${place}`,
  time: { endpoint: 'time', read: (body) => Number((body as Reply<Row>).data[0]!.ts) },
});

/** What the venue refuses when it comes late. */
const EXPIRING: ReadonlySet<string> = new Set(['/api/v5/trade/order', '/api/v5/trade/batch-orders', '/api/v5/trade/amend-order']);

/** Key, passphrase, time and signature go in headers. */
function signHook({ apiKey, secret, password, recvWindowMs }: OkxConfig): SignHook | undefined {
  if (apiKey === undefined || secret === undefined || password === undefined) return undefined;
  const signer = hmacSigner(secret, 'base64');
  return (request) => ({
    headers: {
      'ok-access-key': apiKey,
      'ok-access-passphrase': password.reveal(),
      ...(EXPIRING.has(request.path) && request.method === 'POST' && { exptime: String(request.timestamp + recvWindowMs) }),
      ...signatureOf(request, signer),
    },
  });
}

/** The signature covers time, method, path with query, and body, joined without separators. */
export function signatureOf(
  { method, path, query, body, timestamp }: Pick<UnsignedRequest, 'method' | 'path' | 'query' | 'body' | 'timestamp'>,
  signer: Signer,
): Readonly<Record<string, string>> {
  const time = new Date(timestamp).toISOString();
  const target = query === '' ? path : `${path}?${query}`;
  return { 'ok-access-timestamp': time, 'ok-access-sign': signer(`${time}${method}${target}${body}`) };
}
