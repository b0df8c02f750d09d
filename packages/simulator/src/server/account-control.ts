import { createPublicKey } from 'node:crypto';
import { isDecimal, nearest, SpeedError } from '@speed-protocol/core';
import type { Accounts } from '../accounts/accounts.js';
import type { VenueServer } from './exchange.js';

/**
 * The accounts of a venue.
 * @throws SpeedError `not-found` when there is no such venue, or it has no trading half
 */
export function accountsOf(venue: string, servers: ReadonlyMap<string, VenueServer>): Accounts {
  const accounts = servers.get(venue)?.accounts;
  if (accounts) return accounts;
  const others = trading(servers).join(', ') || 'none';
  throw new SpeedError('not-found', `no venue "${venue}" with accounts in this simulation; there is ${others}`);
}

const ACCOUNT_KEYS = ['venue', 'name', 'deposits', 'publicKey'];

/**
 * Opens an account at one venue, or without `venue` at all of them, or gives one that exists a public key.
 * @returns what a client logs in with
 */
export function openAccount(body: unknown, servers: ReadonlyMap<string, VenueServer>): unknown {
  const request = checkAccount(body);
  if (request.venue !== undefined) return openAt(request.venue, request, servers);
  const venues = trading(servers);
  const taken = venues.find((venue) => request.publicKey === undefined && accountsOf(venue, servers).get(request.name));
  if (taken !== undefined) throw refused(`there is an account "${request.name}" at ${taken} already; choose another name`);
  return { accounts: venues.map((venue) => openAt(venue, request, servers)) };
}

function openAt(
  venue: string,
  { name, deposits, publicKey }: AccountRequest,
  servers: ReadonlyMap<string, VenueServer>,
): unknown {
  const accounts = accountsOf(venue, servers);
  const known = publicKey === undefined ? undefined : accounts.get(name);
  const opened = known ?? accounts.open(name, deposits ?? servers.get(venue)!.deposits ?? {});
  if (publicKey !== undefined) opened.publicKey = publicKey;
  return { venue, account: opened.id, credentials: opened.credentials };
}

/** Venues that have accounts. */
function trading(servers: ReadonlyMap<string, VenueServer>): readonly string[] {
  return [...servers].flatMap(([id, server]) => (server.accounts ? [id] : []));
}

interface AccountRequest {
  readonly venue?: string | undefined;
  readonly name: string;
  readonly deposits?: Readonly<Record<string, string>>;
  readonly publicKey?: string;
}

function checkAccount(body: unknown): AccountRequest {
  if (typeof body !== 'object' || body === null)
    throw refused('an account is an object such as {"venue":"binance","name":"bob"}');
  const request = body as Record<string, unknown>;
  for (const key of Object.keys(request)) {
    const near = ACCOUNT_KEYS.includes(key) ? undefined : (nearest(key, ACCOUNT_KEYS) ?? ACCOUNT_KEYS.join(', '));
    if (near !== undefined) throw refused(`an account has no "${key}"; did you mean ${near}?`);
  }
  const { venue, name, deposits = {}, publicKey = '' } = request;
  if (venue !== undefined && typeof venue !== 'string')
    throw refused('venue is the id of a venue; without it the account is opened at all');
  if (typeof name !== 'string' || name === '') throw refused('an account needs a name');
  if (typeof deposits !== 'object' || deposits === null) throw refused('deposits are an object such as {"USDT":"1000"}');
  for (const [asset, amount] of Object.entries(deposits)) {
    if (typeof amount !== 'string' || !isDecimal(amount))
      throw refused(`the deposit of ${asset} must be decimal text, not ${JSON.stringify(amount)}`);
  }
  if (publicKey !== '') checkKey(publicKey);
  return request as unknown as AccountRequest;
}

function checkKey(text: unknown): void {
  try {
    createPublicKey(String(text));
  } catch (cause) {
    throw refused(`publicKey must be a public key in PEM: ${(cause as Error).message}`);
  }
}

function refused(message: string): SpeedError {
  return new SpeedError('invalid-request', message);
}
