import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Account, Accounts, SimRequest } from '@speed-protocol/simulator';
import { VenueError } from '../venue-error.js';

/** A request may be this old, or ahead, ms. */
const WINDOW_MS = 30_000;

/** Who asks, and with what proof. */
interface Proof {
  readonly apiKey: string | undefined;
  readonly passphrase: string | undefined;
  readonly signature: string | undefined;
  /** The text that is signed. */
  readonly payload: string;
}

/** The codes of REST, by what is wrong; those of sockets are others. */
const REST_CODES = { noKey: '50103', badKey: '50111', badPassphrase: '50105', badSign: '50113' } as const;
const SOCKET_CODES = { noKey: '60005', badKey: '60005', badPassphrase: '60024', badSign: '60007' } as const;
type Codes = Readonly<Record<keyof typeof REST_CODES, string>>;

/** @throws VenueError 50102, 501xx */
export function authenticate(accounts: Accounts, request: SimRequest, now: number): Account {
  const { method, path, rawQuery, headers, body } = request;
  const time = headers['ok-access-timestamp'] ?? '';
  const proof: Proof = {
    apiKey: headers['ok-access-key'],
    passphrase: headers['ok-access-passphrase'],
    signature: headers['ok-access-sign'],
    payload: `${time}${method}${path}${rawQuery === '' ? '' : `?${rawQuery}`}${body}`,
  };
  const account = identify(accounts, proof, REST_CODES);
  const sent = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time) ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(sent)) throw new VenueError('50112', 'Invalid OK-ACCESS-TIMESTAMP', 401);
  if (Math.abs(now - sent) > WINDOW_MS) throw new VenueError('50102', 'Timestamp request expired', 401);
  return proven(account, proof, REST_CODES);
}

/** A request may say until when it is wanted, ms. @throws VenueError 50036 when it came later */
export function checkExpiry(expTime: string | undefined, now: number): void {
  if (expTime === undefined || Number(expTime) >= now) return;
  throw new VenueError('50036', "The expTime can't be earlier than the current system time.");
}

/** One of the `args` of a login. */
export interface Login {
  readonly apiKey?: string;
  readonly passphrase?: string;
  /** Seconds since epoch. */
  readonly timestamp?: string | number;
  readonly sign?: string;
}

/** @throws VenueError 600xx */
export function logIn(accounts: Accounts, { apiKey, passphrase, timestamp, sign }: Login, now: number): Account {
  const payload = `${timestamp}GET/users/self/verify`;
  const proof: Proof = { apiKey, passphrase, signature: sign, payload };
  const account = identify(accounts, proof, SOCKET_CODES);
  const sent = Number(timestamp) * 1000;
  if (Number.isNaN(sent)) throw new VenueError('60004', 'Invalid timestamp');
  if (Math.abs(now - sent) > WINDOW_MS) throw new VenueError('60006', 'Timestamp request expired');
  return proven(account, proof, SOCKET_CODES);
}

function identify(accounts: Accounts, { apiKey, passphrase }: Proof, codes: Codes): Account {
  if (!apiKey) throw new VenueError(codes.noKey, 'Request header "OK-ACCESS-KEY" can not be empty.', 401);
  const account = accounts.byKey(apiKey);
  if (!account) throw new VenueError(codes.badKey, 'Invalid OK-ACCESS-KEY', 401);
  if (passphrase !== account.credentials.password) {
    throw new VenueError(codes.badPassphrase, 'Request header "OK-ACCESS-PASSPHRASE" incorrect.', 401);
  }
  return account;
}

function proven(account: Account, { signature = '', payload }: Proof, codes: Codes): Account {
  const right = createHmac('sha256', account.credentials.secret).update(payload).digest();
  const sent = Buffer.from(signature, 'base64');
  if (sent.length === right.length && timingSafeEqual(sent, right)) return account;
  throw new VenueError(codes.badSign, 'Invalid Sign', 401);
}
