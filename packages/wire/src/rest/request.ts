import { SpeedError } from '@speed-protocol/core';
import { type Endpoint, encodeQuery, fillPath, type Params } from './endpoint.js';
import type { SignedRequest, SignHook } from './spec.js';

/** What of a client's spec goes into a request. */
interface RequestSource {
  readonly venue: string;
  readonly baseUrl: string;
  readonly hosts?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly sign?: SignHook | undefined;
}

type Headers = Readonly<Record<string, string>>;

/** A request as the transport takes it, but for its time limits. */
interface BuiltRequest {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const CONTENT_TYPE: Readonly<Record<NonNullable<Endpoint['encoding']>, Readonly<Record<string, string>>>> = {
  query: {},
  form: { 'content-type': 'application/x-www-form-urlencoded' },
  json: { 'content-type': 'application/json' },
};

/**
 * Fills path, query and body, and signs them.
 * @param timestamp the venue's clock as we estimate it, ms
 * @throws SpeedError `unauthorized` (no credentials), `invalid-request` (path parameter missing), `config` (unknown host)
 */
export function buildRequest(
  source: RequestSource,
  endpoint: Endpoint,
  params: Params | string,
  timestamp: number,
): BuiltRequest {
  const encoding = endpoint.encoding ?? 'query';
  const { path, text } = typeof params === 'string' ? { path: endpoint.path, text: params } : encode(endpoint, params);
  const inQuery = encoding === 'query' ? text : '';
  const inBody = encoding === 'query' ? '' : text;
  const signed = sign(source, endpoint, { path, query: inQuery, body: inBody, timestamp: Math.floor(timestamp) });
  const query = signed.query ?? inQuery;
  return {
    method: endpoint.method,
    origin: originOf(source, endpoint),
    path: query === '' ? path : `${path}?${query}`,
    headers: headersOf(source.headers, encoding, signed.headers),
    body: signed.body ?? inBody,
  };
}

const NO_HEADERS: Headers = Object.freeze({});

/** The signer's own object where nothing has to be added: what is the same object is made ready for the wire once. */
function headersOf(own: Headers | undefined, encoding: NonNullable<Endpoint['encoding']>, signed: Headers = NO_HEADERS): Headers {
  if (own === undefined && encoding === 'query') return signed;
  return { ...own, ...CONTENT_TYPE[encoding], ...signed };
}

function encode(endpoint: Endpoint, params: Params): { readonly path: string; readonly text: string } {
  const { path, rest } = fillPath(endpoint.path, params);
  if (endpoint.whole !== undefined) return { path, text: String(rest[endpoint.whole]) };
  return { path, text: endpoint.encoding === 'json' ? JSON.stringify(rest) : encodeQuery(rest) };
}

type Unsigned = Omit<Parameters<SignHook>[0], 'method' | 'auth'>;

function sign({ venue, sign: hook }: RequestSource, endpoint: Endpoint, unsigned: Unsigned): SignedRequest {
  const { method, auth = 'none' } = endpoint;
  if (auth === 'none') return {};
  const { path, query, body, timestamp } = unsigned;
  // Written out: this is the way of every order, and a spread costs more than the rest of it.
  if (hook) return hook({ method, path, query, body, timestamp, auth });
  throw new SpeedError('unauthorized', `${venue} ${method} ${path} needs credentials; none are configured`, { venue });
}

function originOf({ hosts, baseUrl }: RequestSource, { host, path }: Endpoint): string {
  const origin = host === undefined ? baseUrl : hosts?.[host];
  if (origin === undefined) throw new SpeedError('config', `no URL for the host "${host}" of ${path}`);
  return origin;
}
