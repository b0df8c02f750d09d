import type { OrderCountRow } from '../trading/order-counts.js';
import { VenueError } from '../venue-error.js';

/** A request on an order socket. */
export interface SocketRequest {
  /** Exactly as it was written: a number beyond 2^53 would not survive JSON.parse. */
  readonly id: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface WeightRow {
  readonly rateLimitType: 'REQUEST_WEIGHT';
  readonly interval: 'MINUTE';
  readonly intervalNum: 1;
  readonly limit: number;
  readonly count: number;
}

/** A row of `rateLimits` in an answer. */
export type LimitRow = OrderCountRow | WeightRow;

const KEYS = ['id', 'method', 'params'];
const MAX_ID_LENGTH = 36;

/** @throws VenueError -1135, -1102, -1101, -1100 as the venue says it of a request that is none */
export function readRequest(text: string, id: string): SocketRequest {
  const request = parse(text);
  const extra = Object.keys(request).find((key) => !KEYS.includes(key));
  if (extra !== undefined) throw new VenueError(-1101, `Too many parameters; expected 'id', 'method', 'params', got '${extra}'.`);
  if (!isId(request['id']))
    throw new VenueError(-1100, "Illegal characters found in parameter 'id'; legal range is '^[a-zA-Z0-9-_]{1,36}$'.");
  const { method, params = {} } = request;
  if (typeof method !== 'string')
    throw new VenueError(-1102, "Mandatory parameter 'method' was not sent, was empty/null, or malformed.");
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    throw new VenueError(-1102, "Mandatory parameter 'params' was not sent, was empty/null, or malformed.");
  }
  return { id, method, params: params as Record<string, unknown> };
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new VenueError(-1135, 'Invalid JSON Request.');
  }
  return value as Record<string, unknown>;
}

function isId(id: unknown): boolean {
  if (id === undefined || id === null || Number.isInteger(id)) return true;
  return typeof id === 'string' && id.length <= MAX_ID_LENGTH;
}

/** An answer: what was asked for, or what was wrong with it. @param limits absent when the client does not want them */
export function answerText(
  id: string,
  outcome: { readonly body?: unknown; readonly error?: VenueError | undefined },
  { limits, now }: { readonly limits: readonly LimitRow[] | undefined; readonly now: number },
): string {
  const { error } = outcome;
  const head = `{"id":${id},"status":${error?.status ?? 200}`;
  const said = error ? `"error":${JSON.stringify(errorBody(error, now))}` : `"result":${JSON.stringify(outcome.body)}`;
  return `${head},${said}${limits ? `,"rateLimits":${JSON.stringify(limits)}` : ''}}`;
}

/** Where to come back later, the data say when: ms since epoch. */
function errorBody(error: VenueError, now: number): unknown {
  const retryAfter = error.headers['retry-after'];
  if (retryAfter === undefined) return error.toBody();
  return { ...error.toBody(), data: { serverTime: now, retryAfter: now + Number(retryAfter) * 1000 } };
}
