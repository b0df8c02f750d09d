import type { ErrorKind } from '@speed-protocol/core';
import { type ErrorTable, type Fault, type FaultRow, faultRows } from '@speed-protocol/wire';

const { failed, unknown, all } = faultRows;

/** Credits flow back at a fifth of a burst a second, those of orders at a quarter. */
const TOO_MANY: FaultRow = { kind: 'rate-limited', retryAfterMs: 2_000 };
const BAD_KEY = failed('unauthorized', 'check apiKey (client id), secret and environment');
const NOT_PERMITTED = failed('unauthorized', 'the key, its scope or the account does not permit this');

/** https://docs.deribit.com/articles/errors */
const CODES: Readonly<Record<string, ErrorKind | FaultRow>> = {
  ...all(BAD_KEY, 10000, 13000, 13004, 13007, 13009),
  ...all(NOT_PERMITTED, 9999, 11042, 13002, 13012, 13021, 13668),
  ...all('insufficient-funds', 10009),
  ...all('not-found', 10004, 10010, 10029, 11008, 11044),
  ...all(TOO_MANY, 10028, 10047, 10066, 11035),
  ...all(unknown('unavailable'), 10040, 13028, 13503),
  ...all(unknown('timeout'), 13888),
  ...all(failed('unavailable', 'the market is being settled'), 10041),
  ...all(failed('unavailable', 'the venue is in maintenance'), 11051),
  ...all(failed('unavailable', 'the market does not trade now'), 10012, 13019),
  ...all('rejected', 11030, 11054),
  ...all('rejected', 10002, 10003, 10005, 10006, 10007, 10008, 10011, 10021, 10023, 10026, 10027, 10032),
  ...all('rejected', 10034, 10035, 10036, 10043, 10044, 10013, 10014, 10015, 10016, 10017, 10018),
  ...all({ kind: 'not-found', advice: 'the venue does not know this instrument' }, 10020, 13020),
  ...all('invalid-request', -32602, -32601, -32600, -32700, 11029, 11043, 11049, 11050),
};

export const ERRORS: ErrorTable = {
  read: readFault,
  // A signature is good for a minute.
  texts: [{ code: '13009', text: /timestamp/i, row: { kind: 'clock-skew' } }],
  codes: CODES,
  statuses: { 429: TOO_MANY },
};

interface Envelope {
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown } | null;
}

/** `{"error":{"code":10009,"message":"not_enough_funds","data":{"reason":"...","param":"..."}}}` */
function readFault(body: unknown): Fault | undefined {
  const { error } = (typeof body === 'object' && body !== null ? body : {}) as Envelope;
  if (typeof error !== 'object' || error === null || error.code === undefined) return undefined;
  const words = [String(error.message ?? 'no reason given'), ...detailsOf(error.data)];
  return { code: String(error.code), message: words.join(', ') };
}

function detailsOf(data: unknown): readonly string[] {
  if (typeof data === 'string') return [data];
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
}
