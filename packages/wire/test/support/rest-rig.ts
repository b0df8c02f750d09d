import { SpeedError, silentLogger } from '@speed-protocol/core';
import {
  createRateGate,
  createRestClient,
  defineEndpoints,
  type ErrorTable,
  type RestClient,
  type RestClientSpec,
  weightByLimit,
} from '../../src/rest/index.js';
import { HttpServer } from './http-server.js';
import { VirtualClock } from './virtual-clock.js';

const ENDPOINTS = defineEndpoints({
  time: { method: 'GET', path: '/time', weight: 1, idempotent: true },
  depth: {
    method: 'GET',
    path: '/depth',
    weight: weightByLimit('limit', 100, [
      [100, 5],
      [1000, 50],
    ]),
    idempotent: true,
  },
  order: { method: 'POST', path: '/order', weight: 1, idempotent: false, encoding: 'form', auth: 'signed' },
  account: { method: 'GET', path: '/account/{id}', weight: 1, idempotent: true, auth: 'signed' },
  note: { method: 'PUT', path: '/note', weight: 0, idempotent: true, encoding: 'json', auth: 'key' },
});

const ERRORS: ErrorTable = {
  read: (body) => {
    const fault = body as { code?: number; msg?: string };
    return typeof fault.code === 'number' ? { code: String(fault.code), message: fault.msg ?? '' } : undefined;
  },
  texts: [{ status: 503, text: /^Service Unavailable/, row: { kind: 'unavailable', outcomeKnown: true } }],
  codes: { '-1021': 'clock-skew', '-1003': 'rate-limited', '-2010': 'rejected' },
  bannedUntil: /banned until (\d+)/,
};

interface Rig {
  readonly server: HttpServer;
  readonly clock: VirtualClock;
  readonly client: RestClient<typeof ENDPOINTS>;
  readonly stop: AbortController;
}

export const open: AsyncDisposable[] = [];
/** Closes what {@link rig} opened; for `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]();
}

export async function rig(more: Partial<RestClientSpec<typeof ENDPOINTS>> = {}): Promise<Rig> {
  const server = await HttpServer.start();
  const clock = new VirtualClock();
  const stop = new AbortController();
  const gate = createRateGate({ clock, buckets: [{ id: 'weight', limit: 1000, intervalMs: 60_000, header: 'x-used-weight' }] });
  const client = createRestClient({
    venue: 'testvenue',
    baseUrl: server.origin,
    allowedHosts: [server.host],
    endpoints: ENDPOINTS,
    sign: ({ query, body, timestamp, auth }) =>
      auth === 'key'
        ? { headers: { 'x-key': 'k' } }
        : {
            headers: { 'x-key': 'k' },
            ...(body ? { body: `${body}&timestamp=${timestamp}` } : { query: `${query}&timestamp=${timestamp}` }),
          },
    errors: ERRORS,
    gate,
    clock,
    logger: silentLogger,
    signal: stop.signal,
    random: () => 0.5,
    time: { endpoint: 'time', read: (body) => (body as { serverTime: number }).serverTime },
    ...more,
  });
  open.push(server, client);
  return { server, clock, client, stop };
}

/** The error of a call that must fail. */
export async function failure(call: Promise<unknown>): Promise<SpeedError> {
  const error = await call.then(
    (value) => new Error(`did not fail: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (!SpeedError.is(error)) throw error;
  return error;
}

/** Lets the clock run, in steps of a second, until the call has ended. */
export async function untilSettled<T>(clock: VirtualClock, call: Promise<T>): Promise<T> {
  let done = false;
  const end = (): void => {
    done = true;
  };
  call.then(end, end);
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!done) await clock.advance(10);
  }
  return call;
}
