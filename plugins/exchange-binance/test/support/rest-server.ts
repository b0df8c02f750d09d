import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly params: URLSearchParams;
}

export interface RestServer extends AsyncDisposable {
  readonly origin: string;
  readonly seen: SeenRequest[];
  /** Answers instead of the fixtures; return `undefined` to let them answer. */
  override: ((request: SeenRequest) => unknown) | undefined;
}

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8'));

const BODIES: Readonly<Record<string, unknown>> = {
  ...(fixture('rest.binance') as object),
  ...(fixture('rest.binanceusdm') as object),
  ...(fixture('rest.binancecoinm') as object),
  '/api/v3/exchangeInfo': fixture('exchange-info.spot'),
  '/fapi/v1/exchangeInfo': fixture('exchange-info.usdm'),
  '/dapi/v1/exchangeInfo': fixture('exchange-info.coinm'),
};

/** All three products on one origin, answering with the fixtures. */
export async function startRestServer(): Promise<RestServer> {
  const seen: SeenRequest[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const one: SeenRequest = { method: request.method ?? '', path: url.pathname, params: url.searchParams };
    seen.push(one);
    const body = running.override?.(one) ?? BODIES[url.pathname];
    response.setHeader('content-type', 'application/json');
    if (body === undefined) response.statusCode = 404;
    response.end(JSON.stringify(body ?? { code: -1, msg: `no fixture for ${url.pathname}` }));
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const running: RestServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    override: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return running;
}
