import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpeedError } from '@speed-protocol/core';
import { LOOPBACK, listen } from './origin.js';

/** A request on the control port, and its JSON answer. */
type ControlHandler = (query: URLSearchParams, body: unknown) => unknown;

/** Handlers by `METHOD /path`. */
export type ControlRoutes = Readonly<Record<string, ControlHandler>>;

const STATUS: Readonly<Record<string, number>> = { 'not-found': 404, 'invalid-request': 400, config: 400 };

/** The simulation's back door: JSON over HTTP on a port of its own, for tests in any language. */
export class ControlServer {
  readonly #http: Server;
  readonly #routes: ControlRoutes;

  private constructor(routes: ControlRoutes) {
    this.#routes = routes;
    this.#http = createServer((request, response) => void this.#serve(request, response));
  }

  static async open(routes: ControlRoutes, port: number): Promise<ControlServer> {
    const control = new ControlServer(routes);
    await listen(control.#http, port, 'the control server');
    return control;
  }

  get url(): string {
    return `http://${LOOPBACK}:${(this.#http.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.#answer(request).catch(explain);
    const text = JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const url = new URL(request.url ?? '/', this.url);
    const handler = this.#routes[`${request.method} ${url.pathname}`];
    if (!handler) {
      const known = Object.keys(this.#routes).join(', ');
      throw new SpeedError('not-found', `no ${request.method} ${url.pathname} here; there is ${known}`);
    }
    return { status: 200, body: handler(url.searchParams, await readJson(request)) };
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SpeedError('invalid-request', `the body is not JSON: ${(cause as Error).message}`);
  }
}

function explain(error: unknown): { status: number; body: unknown } {
  const kind = SpeedError.is(error) ? error.kind : 'internal';
  return { status: STATUS[kind] ?? 500, body: { error: { kind, message: (error as Error).message } } };
}
