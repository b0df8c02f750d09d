import type { IncomingMessage, ServerResponse } from 'node:http';
import { asyncApiDocument, jsonSchemaDocument } from '@speed-protocol/protocol/documents';
import type { Health, Metrics } from '../metrics.js';
import type { Users } from '../trading/users.js';
import { SERVER_VERSION } from '../version.js';
import { type Gate, gateRefusal } from './gate.js';
import { NOT_BUILT, type StaticFile } from './static.js';

export interface RouteContext {
  readonly gate: Gate;
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly metrics: Metrics;
  readonly users: Users;
  readonly secure: boolean;
  health(): Health;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Record<string, string>;
}

type Route = (context: RouteContext, request: IncomingMessage) => Answer | Promise<Answer>;

const json = (status: number, body: unknown): Answer => ({ status, type: 'application/json', body: `${JSON.stringify(body)}\n` });
const text = (status: number, body: string): Answer => ({ status, type: 'text/plain; charset=utf-8', body: `${body}\n` });

/** Everything but the files of the page. */
const ROUTES: Readonly<Record<string, Route>> = {
  '/health': ({ health }) => {
    const state = health();
    return json(state.status === 'ok' ? 200 : 503, state);
  },
  '/metrics': async ({ metrics, users }, request) => {
    if (users.areNamed && !users.byToken(bearer(request))) {
      return {
        ...text(401, 'This server has a token: send it as "Authorization: Bearer ..."'),
        headers: { 'WWW-Authenticate': 'Bearer' },
      };
    }
    return { status: 200, type: metrics.contentType, body: await metrics.text() };
  },
  '/schema': () => json(200, jsonSchemaDocument()),
  '/asyncapi.json': ({ secure }, request) =>
    json(200, asyncApiDocument({ host: String(request.headers.host), protocol: secure ? 'wss' : 'ws', version: SERVER_VERSION })),
};

/** Answers one plain HTTP request. */
export async function answer(context: RouteContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refusal = gateRefusal(context.gate, request);
  if (refusal !== undefined) return send(request, response, text(403, refusal));
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return send(request, response, {
      ...text(405, 'Only GET and HEAD; commands go over the WebSocket'),
      headers: { Allow: 'GET, HEAD' },
    });
  }
  const path = pathOf(request);
  const route = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
  send(request, response, route ? await route(context, request) : page(context, request, path));
}

function page({ files, secure }: RouteContext, request: IncomingMessage, path: string): Answer {
  const file = files.get(path);
  const policy = { 'Content-Security-Policy': contentPolicy(request, secure) };
  if (!file && path === '/') return { status: 200, type: 'text/html; charset=utf-8', body: NOT_BUILT, headers: policy };
  if (!file) return text(404, 'Not found');
  const headers = { ...policy, ETag: file.etag, 'Cache-Control': file.cache };
  if (request.headers['if-none-match'] === file.etag) return { status: 304, type: file.type, body: '', headers };
  return { status: 200, type: file.type, body: file.body, headers };
}

/** No inline script, no other host; the Host header has passed the gate, so it may be repeated. */
const contentPolicy = ({ headers: { host } }: IncomingMessage, secure: boolean): string =>
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; ` +
  `connect-src 'self' ${secure ? 'wss' : 'ws'}://${host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const COMMON_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

function send(request: IncomingMessage, response: ServerResponse, { status, type, body, headers }: Answer): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, { ...COMMON_HEADERS, 'Content-Type': type, 'Content-Length': bytes.length, ...headers });
  response.end(request.method === 'HEAD' || status === 304 ? undefined : bytes);
}

/** The path as sent, without the query; not decoded, so an encoded slash or dot is just a name that does not exist. */
function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

export function bearer({ headers: { authorization } }: IncomingMessage): string | undefined {
  return /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
}
