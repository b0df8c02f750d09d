import type { ApiReply, ApiSocketSpec, AskStamped, VenueContext } from '@speed-protocol/wire';
import { credentialsOf } from '../client.js';
import { type BinanceConfig, resolveVenue, type VenueId } from '../config.js';
import { errorsOf } from '../errors.js';
import { type SocketStamp, socketRequest } from '../order-text.js';
import { orderAnswerReader, type ReportedLimit } from './order-answer.js';

/** https://developers.binance.com/docs: "WebSocket API", general information of each product. */
const PATHS: Readonly<Record<VenueId, string>> = {
  binance: '/ws-api/v3',
  binanceusdm: '/ws-fapi/v1',
  binancecoinm: '/ws-dapi/v1',
};

const HOUR = 3_600_000;

/** One answer of the WebSocket API. */
interface Reply {
  readonly id?: string | number | null;
  readonly status?: number;
  readonly result?: unknown;
  readonly error?: { readonly code?: number; readonly msg?: string; readonly data?: { readonly retryAfter?: number } };
  readonly rateLimits?: readonly ReportedLimit[];
  readonly event?: { readonly e?: string };
}

/** What REST reports in headers comes in the reply here: type, number and kind of intervals. */
const LIMIT_OF_HEADER: Readonly<Record<string, readonly [type: string, intervals: number, interval: string]>> = {
  'x-mbx-used-weight-1m': ['REQUEST_WEIGHT', 1, 'MINUTE'],
  'x-mbx-order-count-10s': ['ORDERS', 10, 'SECOND'],
  'x-mbx-order-count-1m': ['ORDERS', 1, 'MINUTE'],
  'x-mbx-order-count-1d': ['ORDERS', 1, 'DAY'],
};

/**
 * The WebSocket API of a venue: requests are signed, or sent after a logon where the key is Ed25519; `undefined` where the
 * environment has none.
 */
export function apiSocket(venue: VenueId, { config }: VenueContext<BinanceConfig>): ApiSocketSpec<SocketStamp> | undefined {
  const { api } = resolveVenue(config, venue);
  if (api === undefined) return undefined;
  const known = credentialsOf(config);
  const { recvWindowMs } = config;
  let credentials = known;
  return {
    url: () => api + PATHS[venue],
    // The server's own pings come every 20 s on spot and 3 min on futures, too slow to notice a dead connection.
    heartbeat: { everyMs: 2_000, timeoutMs: 3_000, when: 'idle' },
    maxAgeMs: 23 * HOUR,
    errors: errorsOf(venue),
    // Spot answers in another shape.
    quick: venue === 'binance' ? undefined : orderAnswerReader(),
    idOf: (message) => idOf(message as Reply | null),
    replyOf: (message, now) => replyOf(message as Reply, now),
    stamp: ({ id, timestamp }) => ({ id, timestamp, credentials, recvWindowMs }),
    logIn: async (ask) => {
      credentials = known;
      if (!known?.canLogOn) return;
      await ask((stamp) => socketRequest('session.logon', {}, stamp));
      // From here on nothing is signed.
      credentials = undefined;
    },
    rotates: (message) =>
      (message as Reply | null)?.event?.e === 'serverShutdown' ? 'the venue announced a shutdown' : undefined,
  };
}

/** Spot's private events, on this very socket. */
export async function subscribeUserData(ask: AskStamped<SocketStamp>): Promise<void> {
  await ask((stamp) => {
    const isSigned = stamp.credentials !== undefined;
    return socketRequest(isSigned ? 'userDataStream.subscribe.signature' : 'userDataStream.subscribe', {}, stamp);
  });
}

function idOf(message: Reply | null): string | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  return message.id === undefined || message.id === null ? undefined : String(message.id);
}

function replyOf({ status = 200, error, result, rateLimits }: Reply, now: number): ApiReply {
  const fault = error ?? (status >= 300 ? {} : undefined);
  const header = (name: string) => (name === 'retry-after' ? retryAfter(error, now) : countOf(rateLimits, name));
  return { status, fault, result, header };
}

/** Seconds, as the header would say it. */
function retryAfter(error: Reply['error'], now: number): string | undefined {
  const until = error?.data?.retryAfter;
  return until === undefined ? undefined : String(Math.max(0, Math.ceil((until - now) / 1000)));
}

function countOf(limits: readonly ReportedLimit[] | undefined, header: string): string | undefined {
  const known = LIMIT_OF_HEADER[header];
  if (limits === undefined || known === undefined) return undefined;
  for (const { rateLimitType, intervalNum, interval, count } of limits) {
    const isIt = rateLimitType === known[0] && intervalNum === known[1] && interval === known[2];
    if (isIt && count !== undefined) return String(count);
  }
  return undefined;
}
