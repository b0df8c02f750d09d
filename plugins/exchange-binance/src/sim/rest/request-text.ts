import type { SimRequest } from '@speed-protocol/simulator';
import { VenueError } from '../venue-error.js';

const SIGNATURE = /(^|&)signature=[^&]*/;
/** What may stand in a query without being percent-encoded. */
const ENCODED = /^[\x21-\x7e]*$/;

/** Parameters of query and form body; the query wins. */
export function paramsOf({ query, body }: SimRequest): URLSearchParams {
  if (body === '') return query;
  const params = new URLSearchParams(body);
  for (const [name, value] of query) params.set(name, value);
  return params;
}

/**
 * The text that a signature is over: query and body as sent, nothing between, without the signature itself.
 * @throws VenueError -1022 when it was not percent-encoded before signing
 */
export function signedText({ rawQuery, body }: SimRequest): string {
  const text = withoutSignature(rawQuery) + withoutSignature(body);
  if (!ENCODED.test(text)) throw new VenueError(-1022, 'Signature for this request is not valid.');
  return text;
}

function withoutSignature(text: string): string {
  return text.replace(SIGNATURE, '').replace(/^&/, '');
}
