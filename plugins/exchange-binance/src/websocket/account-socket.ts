import type { ApiReply, ApiSocketSpec, AskStamped, VenueContext } from '@speed-protocol/wire';
import { credentialsOf } from '../client.js';
import { type BinanceConfig, type Column, ofVenue, resolveVenue, type VenueId } from '../config.js';
import { isSameLimit, LIMITS } from '../endpoints.js';
import { ERRORS } from '../errors.js';
import { type SocketStamp, socketRequest } from '../order-text.js';
import type { WireRateLimit } from '../types.js';
import { orderAnswerReader } from './order-answer.js';
import { HEARTBEAT, MAX_AGE_MS } from './sockets.js';

/** https://developers.binance.com/docs: "WebSocket API", general information of each product. */
const PATH: Column<string> = ['/ws-api/v3', '/ws-fapi/v1', '/ws-dapi/v1'];

/** One message of the WebSocket API. */
interface Message {
  readonly id?: string | number | null;
  readonly status?: number;
  readonly result?: unknown;
  readonly error?: { readonly code?: number; readonly msg?: string; readonly data?: { readonly retryAfter?: number } };
  readonly rateLimits?: readonly WireRateLimit[];
  readonly event?: { readonly e?: string };
}

/** What REST reports in headers comes in the reply here. */
const LIMIT_OF_HEADER = new Map(LIMITS.flatMap((limit) => ('header' in limit ? [[limit.header as string, limit]] : [])));

/**
 * The WebSocket API of a venue: requests are signed, or sent after a logon where the key is Ed25519; `undefined` where the
 * environment has none.
 */
export function accountSocket(venue: VenueId, { config }: VenueContext<BinanceConfig>): ApiSocketSpec<SocketStamp> | undefined {
  const { api } = resolveVenue(config, venue);
  if (api === undefined) return undefined;
  const known = credentialsOf(config);
  const { recvWindowMs } = config;
  let credentials = known;
  return {
    url: () => api + ofVenue(PATH, venue),
    heartbeat: HEARTBEAT,
    maxAgeMs: MAX_AGE_MS,
    errors: ERRORS[venue],
    // Spot answers in another shape.
    quick: venue === 'binance' ? undefined : orderAnswerReader(),
    idOf: (message) => {
      const { id } = (message ?? {}) as Message;
      return id === undefined || id === null ? undefined : String(id);
    },
    replyOf: (message, now) => replyOf(message as Message, now),
    stamp: ({ id, timestamp }) => ({ id, timestamp, credentials, recvWindowMs }),
    logIn: async (ask) => {
      credentials = known;
      if (!known?.canLogOn) return;
      await ask((stamp) => socketRequest('session.logon', {}, stamp));
      // From here on nothing is signed.
      credentials = undefined;
    },
    rotates: (message) =>
      (message as Message | null)?.event?.e === 'serverShutdown' ? 'the venue announced a shutdown' : undefined,
  };
}

/** Spot's private events, on this very socket. */
export async function subscribePrivate(ask: AskStamped<SocketStamp>): Promise<void> {
  await ask((stamp) => {
    const isSigned = stamp.credentials !== undefined;
    return socketRequest(isSigned ? 'userDataStream.subscribe.signature' : 'userDataStream.subscribe', {}, stamp);
  });
}

function replyOf({ status = 200, error, result, rateLimits }: Message, now: number): ApiReply {
  const fault = error ?? (status >= 300 ? {} : undefined);
  const header = (name: string) => (name === 'retry-after' ? retryAfter(error, now) : countOf(rateLimits, name));
  return { status, fault, result, header };
}

/** Seconds, as the header would say it. */
function retryAfter(error: Message['error'], now: number): string | undefined {
  const until = error?.data?.retryAfter;
  return until === undefined ? undefined : String(Math.max(0, Math.ceil((until - now) / 1000)));
}

function countOf(limits: readonly WireRateLimit[] = [], header: string): string | undefined {
  const known = LIMIT_OF_HEADER.get(header);
  const count = known && limits.find((limit) => isSameLimit(known, limit))?.count;
  return count === undefined ? undefined : String(count);
}
