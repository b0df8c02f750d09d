import { createPublicKey } from 'node:crypto';
import type { Account } from '@speed-protocol/simulator';
import type { Family } from '../products.js';
import type { Params } from '../rest/params.js';
import { ALL } from '../rest/route.js';
import type { Caller } from '../trading/authenticate.js';
import { VenueError } from '../venue-error.js';
import type { UserData } from './user-data.js';

/** Who is logged in on a connection. */
export interface Login extends Caller {
  readonly apiKey: string;
  readonly since: number;
}

/** One connection, as the methods about connections see it. */
export interface Connection {
  login: Login | undefined;
  readonly connectedSince: number;
  readonly userData: UserData;
  now(): number;
  /** Who signed the request. @throws VenueError when nobody did */
  signer(params: Params): Caller;
  /** As {@link signer}; who is logged in where nothing is signed. */
  caller(params: Params): Caller;
}

type SessionMethod = readonly [on: readonly Family[], run: (connection: Connection, params: Params) => unknown];

const SPOT: readonly Family[] = ['spot'];

/** What is about the connection itself: logging in, and spot's user data. */
export const SESSION_METHODS: ReadonlyMap<string, SessionMethod> = new Map<string, SessionMethod>([
  ['session.logon', [ALL, logOn]],
  ['session.status', [ALL, status]],
  ['session.logout', [ALL, logOut]],
  ['session.subscriptions', [SPOT, ({ userData }) => userData.ids.map((subscriptionId) => ({ subscriptionId }))]],
  ['userDataStream.subscribe', [SPOT, subscribeLoggedIn]],
  [
    'userDataStream.subscribe.signature',
    [SPOT, (connection, params) => ({ subscriptionId: connection.userData.subscribe(connection.signer(params).account) })],
  ],
  ['userDataStream.unsubscribe', [SPOT, unsubscribe]],
]);

function logOn(connection: Connection, params: Params): unknown {
  const { account } = connection.signer(params);
  if (!hasEd25519(account)) throw new VenueError(-4056, 'HMAC_SHA256 API key is not supported.');
  connection.login = { account, apiKey: account.credentials.apiKey, since: connection.now() };
  return status(connection, params);
}

/** Only such keys may log in. */
function hasEd25519({ publicKey }: Account): boolean {
  return publicKey !== undefined && createPublicKey(publicKey).asymmetricKeyType === 'ed25519';
}

function status(connection: Connection, params: Params): unknown {
  const { login, connectedSince, userData } = connection;
  return {
    apiKey: login?.apiKey ?? null,
    authorizedSince: login?.since ?? null,
    connectedSince,
    returnRateLimits: params.optional('returnRateLimits') !== 'false',
    serverTime: connection.now(),
    userDataStream: userData.ids.length > 0,
  };
}

function logOut(connection: Connection, params: Params): unknown {
  connection.login = undefined;
  connection.userData.logOut();
  return status(connection, params);
}

function subscribeLoggedIn({ login, userData }: Connection): unknown {
  if (!login) throw new VenueError(-2014, 'API-key format invalid.', 401);
  return { subscriptionId: userData.subscribe(login.account, true) };
}

function unsubscribe({ userData }: Connection, params: Params): unknown {
  userData.unsubscribe(params.integer('subscriptionId'));
  return {};
}
