import type { Secret } from '@speed-protocol/core';
import { hmacSigner, keySigner, type Signer, type SignHook, type UnsignedRequest, venueClients } from '@speed-protocol/wire';
import { type BybitConfig, resolveVenue, type VenueId } from './config.js';
import { BUCKETS, ENDPOINTS } from './endpoints.js';
import { ERRORS } from './errors.js';
import type { Reply } from './types.js';

/** The REST client of the venue. */
export const createClient = venueClients<VenueId, BybitConfig, typeof ENDPOINTS>({
  ...{ resolve: resolveVenue, endpoints: ENDPOINTS, buckets: BUCKETS, errors: ERRORS, sign: signHook },
  pool: (place) => `bybit@${place}`,
  time: { endpoint: 'time', read: (body) => (body as Reply<unknown>).time },
});

/** Keys that the venue made sign by HMAC, in hex; self-made ones by RSA, in base64. */
export function signerOf(secret: Secret): Signer {
  return secret.reveal().trimStart().startsWith('-----') ? keySigner(secret) : hmacSigner(secret, 'hex');
}

/** Key, time, window and signature go in headers. */
function signHook({ apiKey, secret, recvWindowMs }: BybitConfig): SignHook | undefined {
  if (apiKey === undefined || secret === undefined) return undefined;
  const signer = signerOf(secret);
  return (request) => ({ headers: signatureOf(request, { apiKey, recvWindowMs, signer }) });
}

/** The signature covers time, key, window, and query or body, joined without separators. */
export function signatureOf(
  { query, body, timestamp }: Pick<UnsignedRequest, 'query' | 'body' | 'timestamp'>,
  { apiKey, recvWindowMs, signer }: { readonly apiKey: string; readonly recvWindowMs: number; readonly signer: Signer },
): Readonly<Record<string, string>> {
  return {
    'x-bapi-api-key': apiKey,
    'x-bapi-timestamp': String(timestamp),
    'x-bapi-recv-window': String(recvWindowMs),
    'x-bapi-sign': signer(`${timestamp}${apiKey}${recvWindowMs}${query}${body}`),
  };
}
