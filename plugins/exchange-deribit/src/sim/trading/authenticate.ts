import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Account, Accounts, SimRequest } from '@speed-protocol/simulator';
import type { Params } from '../rest/params.js';
import type { RouteContext } from '../rest/route.js';
import { say } from '../venue-error.js';

/** A signature is good for this long, ms. */
const SIGNATURE_MS = 60_000;
/** What a token may do where nothing less is asked for. */
const PERMITTED = 'mainaccount account:read_write trade:read_write wallet:read';
/** A token of a connection ends with it, and for the rest is good for a year, s. */
const CONNECTION_SECONDS = 31_536_000;
/** A token of a named session outlives connections, but not for long, s. */
const SESSION_SECONDS = 900;

/** https://docs.deribit.com/articles/access-scope: the words of a scope, and how long its tokens are good for, s. */
function scopeOf(asked: string): { readonly scope: string; readonly expiresIn: number } {
  const words = asked.split(' ').filter((word) => word !== '');
  const session = words.find((word) => word.startsWith('session:'));
  const expires = words.map((word) => /^expires:(\d{1,9})$/.exec(word)?.[1]).find((seconds) => seconds !== undefined);
  const byDefault = session === undefined ? CONNECTION_SECONDS : SESSION_SECONDS;
  return { scope: `${session ?? 'connection'} ${PERMITTED}`, expiresIn: Number(expires ?? byDefault) };
}

interface Token {
  readonly account: Account;
  readonly expiresAt: number;
  /** As it was asked for. */
  readonly asked: string;
  /** The answer to a login. */
  readonly told: Readonly<Record<string, unknown>>;
}

/** Tokens that have been handed out. */
export class Tokens {
  readonly #access = new Map<string, Token>();
  readonly #refresh = new Map<string, Token>();

  issue(account: Account, now: number, asked: string): Token {
    const [access, refresh] = [randomBytes(24).toString('base64url'), randomBytes(24).toString('base64url')];
    const { scope, expiresIn } = scopeOf(asked);
    const told = {
      access_token: access,
      enabled_features: [],
      expires_in: expiresIn,
      google_login: false,
      mandatory_tfa_status: 'missing',
      refresh_token: refresh,
      scope,
      sid: 'sim',
      token_type: 'bearer',
    };
    const token = { account, expiresAt: now + 1_000 * expiresIn, asked, told };
    this.#access.set(access, token);
    this.#refresh.set(refresh, token);
    return token;
  }

  /** @throws VenueError 13009 */
  find(access: string, now: number): Account {
    const token = this.#access.get(access);
    if (!token) throw say.unauthorized('invalid_token');
    if (token.expiresAt <= now) throw say.unauthorized('token expired');
    return token.account;
  }

  /** Good for once. @throws VenueError 13009 */
  redeem(refresh: string): Token {
    const token = this.#refresh.get(refresh);
    if (!token) throw say.unauthorized('invalid_token');
    this.#refresh.delete(refresh);
    return token;
  }
}

/** `public/auth`. @throws VenueError 13004, 13009 */
export function logIn(accounts: Accounts, tokens: Tokens, params: Params, now: number): { account: Account; token: Token } {
  const grant = params.word('grant_type', ['client_credentials', 'client_signature', 'refresh_token']);
  const { account, asked = '' } = GRANTS[grant](accounts, tokens, params, now);
  return { account, token: tokens.issue(account, now, params.text('scope') ?? asked) };
}

/** Whose login it is; a renewal keeps the scope of what it renews. */
type Grant = (
  accounts: Accounts,
  tokens: Tokens,
  params: Params,
  now: number,
) => { readonly account: Account; readonly asked?: string };

const GRANTS: Readonly<Record<'client_credentials' | 'client_signature' | 'refresh_token', Grant>> = {
  client_credentials: (accounts, _, params) => ({
    account: bySecret(accounts, params.required('client_id'), params.required('client_secret')),
  }),
  client_signature: (accounts, _, params, now) => {
    const [time, nonce] = [params.required('timestamp'), params.text('nonce') ?? ''];
    checkTime(time, now);
    const payload = `${time}\n${nonce}\n${params.text('data') ?? ''}`;
    return { account: bySignature(accounts, params.required('client_id'), params.required('signature'), payload) };
  },
  refresh_token: (_, tokens, params) => tokens.redeem(params.required('refresh_token')),
};

const SIGNED = /^deri-hmac-sha256 (.+)$/i;

/** A private call over HTTP: by signature, by token, or by the secret itself. @throws VenueError 13004, 13009 */
export function authenticate(context: RouteContext, request: SimRequest): Account {
  const { method, path, rawQuery, headers, body } = request;
  const { accounts } = context.desk;
  const header = headers['authorization'] ?? '';
  const [, signed] = SIGNED.exec(header) ?? [];
  if (signed !== undefined) {
    const { id = '', ts = '', nonce = '', sig = '' } = fieldsOf(signed);
    checkTime(ts, context.now());
    const target = rawQuery === '' ? path : `${path}?${rawQuery}`;
    return bySignature(accounts, id, sig, `${ts}\n${nonce}\n${method}\n${target}\n${body}\n`);
  }
  const [scheme = '', value = ''] = header.split(' ');
  if (scheme.toLowerCase() === 'bearer') return context.tokens.find(value, context.now());
  if (scheme.toLowerCase() !== 'basic') throw say.unauthorized('missing credentials');
  const [id = '', secret = ''] = Buffer.from(value, 'base64').toString().split(':');
  return bySecret(accounts, id, secret);
}

/** `id=...,ts=...`, in any order. */
function fieldsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(',').map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
}

function checkTime(time: string, now: number): void {
  if (!/^\d+$/.test(time)) throw say.wrong('timestamp');
  if (Math.abs(now - Number(time)) >= SIGNATURE_MS) throw say.unauthorized('timestamp is too far from the time of the server');
}

function bySecret(accounts: Accounts, id: string, secret: string): Account {
  const account = accounts.byKey(id);
  if (!account || secret !== account.credentials.secret) throw say.badCredentials();
  return account;
}

function bySignature(accounts: Accounts, id: string, signature: string, payload: string): Account {
  const account = accounts.byKey(id);
  if (!account) throw say.badCredentials();
  const right = createHmac('sha256', account.credentials.secret).update(payload).digest();
  const sent = Buffer.from(signature, 'hex');
  if (sent.length === right.length && timingSafeEqual(sent, right)) return account;
  throw say.badCredentials();
}
