import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { Account, Accounts } from '@speed-protocol/simulator';
import type { Params } from '../rest/params.js';
import { say, VenueError } from '../venue-error.js';

const DEFAULT_WINDOW_MS = 5000;
const MAX_WINDOW_MS = 60_000;
/** How far a client's clock may be ahead. */
const AHEAD_MS = 1000;
const HEX = /^[0-9a-f]{64}$/i;
/** Microseconds since epoch have more digits. */
const MICROSECONDS = 1e15;
const DECIMAL = /^\d{1,20}(\.\d{1,3})?$/;

/** Who asks; known by key, or by key and signature. */
export interface Caller {
  readonly account: Account;
}

export interface SignedRequest {
  readonly accounts: Accounts;
  /** As sent, `undefined` when missing. */
  readonly apiKey: string | undefined;
  /** The texts that the signature may be over, exactly as signed; one of them has to fit. */
  readonly payloads: readonly string[];
  readonly params: Params;
  /** The venue's clock, ms. */
  readonly now: number;
}

/**
 * Checks key, time and signature, in the venue's order.
 * @throws VenueError -2014, -2015, -1102, -1021, -1131, -1022
 */
export function authenticate(request: SignedRequest): Caller {
  const caller = identify(request.accounts, request.apiKey);
  checkTime(request.params, request.now);
  const signature = request.params.required('signature');
  if (!request.payloads.some((payload) => isSigned(caller.account, payload, signature))) {
    throw new VenueError(-1022, 'Signature for this request is not valid.');
  }
  return caller;
}

/**
 * Who a key belongs to; enough where nothing is signed.
 * @throws VenueError -2014 without a key, -2015 on an unknown one
 */
export function identify(accounts: Accounts, apiKey: string | undefined): Caller {
  if (!apiKey) throw say.noKey();
  const account = accounts.byKey(apiKey);
  if (!account) throw new VenueError(-2015, 'Invalid API-key, IP, or permissions for action.', 401);
  return { account };
}

/**
 * Whether `timestamp` (ms or microseconds) lies in the window that the client grants.
 * @throws VenueError -1102, -1131, -1021
 */
export function checkTime(params: Params, now: number): void {
  const timestamp = number(params.required('timestamp'), 'timestamp');
  const window = number(params.optional('recvWindow') ?? String(DEFAULT_WINDOW_MS), 'recvWindow');
  if (window > MAX_WINDOW_MS) throw new VenueError(-1131, `recvWindow must be less than ${MAX_WINDOW_MS}`);
  const sent = timestamp >= MICROSECONDS ? timestamp / 1000 : timestamp;
  if (sent >= now + AHEAD_MS) {
    throw new VenueError(-1021, `Timestamp for this request was ${AHEAD_MS}ms ahead of the server's time.`);
  }
  if (now - sent > window) throw new VenueError(-1021, 'Timestamp for this request is outside of the recvWindow.');
}

function number(text: string, name: string): number {
  if (!DECIMAL.test(text)) throw say.illegal(name, '^[0-9]{1,20}$');
  return Number(text);
}

/** By the secret (hex), or by the public key that was registered (base64). */
function isSigned({ credentials, publicKey }: Account, payload: string, signature: string): boolean {
  if (HEX.test(signature)) {
    return timingSafeEqual(createHmac('sha256', credentials.secret).update(payload).digest(), Buffer.from(signature, 'hex'));
  }
  if (publicKey === undefined) return false;
  const key = createPublicKey(publicKey);
  const algorithm = key.asymmetricKeyType === 'rsa' ? 'sha256' : null;
  return verify(algorithm, Buffer.from(payload), key, Buffer.from(signature, 'base64'));
}
