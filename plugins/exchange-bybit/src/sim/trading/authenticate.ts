import { createHmac, timingSafeEqual, verify } from 'node:crypto';
import type { Account, Accounts, SimRequest } from '@speed-protocol/simulator';
import { VenueError } from '../venue-error.js';

const DEFAULT_WINDOW_MS = 5_000;
/** A request may be this far ahead, ms. */
const AHEAD_MS = 1_000;

/** @throws VenueError 10002, 10003, 10004 */
export function authenticate(accounts: Accounts, request: SimRequest, now: number): Account {
  const { method, rawQuery, headers, body } = request;
  const [key, time = '', window = String(DEFAULT_WINDOW_MS)] = ['api-key', 'timestamp', 'recv-window'].map(
    (name) => headers[`x-bapi-${name}`],
  );
  const account = identify(accounts, key);
  checkTime(time, window, now);
  const payload = `${time}${key}${window}${method === 'GET' ? rawQuery : body}`;
  if (!isSigned(account, payload, headers['x-bapi-sign'])) {
    throw new VenueError(10004, `error sign! origin_string[${payload}]`);
  }
  return account;
}

/** @throws VenueError 10002 when it came too late, or from too far ahead */
export function checkTime(time: string, window: string, now: number): void {
  const sent = Number(time || Number.NaN);
  if (now - Number(window) <= sent && sent < now + AHEAD_MS) return;
  const figures = `req_timestamp[${time}],server_timestamp[${now}],recv_window[${window}]`;
  throw new VenueError(10002, `invalid request, please check your server timestamp or recv_window param. ${figures}`);
}

/** `args` of a login: key, until when it is good (text or number, ms), signature. @throws VenueError 10001, 10003, 10004 */
export function logIn(accounts: Accounts, [key, expires, signature]: readonly unknown[], now: number): Account {
  const account = identify(accounts, key === undefined ? undefined : String(key));
  if (!(Number(expires) > now)) throw new VenueError(10001, 'Params Error: request expired');
  if (isSigned(account, `GET/realtime${String(expires)}`, String(signature))) return account;
  throw new VenueError(10004, 'Your api signature is wrong');
}

function identify(accounts: Accounts, key: string | undefined): Account {
  const account = key === undefined ? undefined : accounts.byKey(key);
  if (!account) throw new VenueError(10003, 'API key is invalid.');
  return account;
}

/** HMAC in hex, or RSA in base64 where the client registered a key of its own. */
function isSigned({ credentials, publicKey }: Account, payload: string, signature = ''): boolean {
  if (publicKey !== undefined && verify('sha256', Buffer.from(payload), publicKey, Buffer.from(signature, 'base64'))) return true;
  const right = createHmac('sha256', credentials.secret).update(payload).digest();
  const sent = Buffer.from(signature, 'hex');
  return sent.length === right.length && timingSafeEqual(sent, right);
}
