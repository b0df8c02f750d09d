import * as rows from '../rows.js';
import { indexOf } from '../text.js';
import { logIn } from '../trading/authenticate.js';
import { say } from '../venue-error.js';
import type { Call, Route, RouteContext, Session } from './route.js';

const VERSION = '1.2.26';
const MIN_HEARTBEAT_SECONDS = 10;

/** https://docs.deribit.com/#supporting, #session-management, #authentication and the public half of #subscription-management */
export const PUBLIC_ROUTES: readonly Route[] = [
  { name: 'public/get_time', run: (context) => context.now() },
  { name: 'public/test', run: () => ({ version: VERSION }) },
  { name: 'public/hello', run: () => ({ version: VERSION }) },
  { name: 'public/status', run: () => ({ locked: 'false', locked_indices: [] }) },
  { name: 'public/auth', run: auth },
  { name: 'public/set_heartbeat', run: setHeartbeat },
  { name: 'public/disable_heartbeat', run: (_, call) => heartbeat(call, 0) },
  { name: 'public/subscribe', pool: 'subscriptions', run: (_, call) => subscribe(call) },
  { name: 'public/unsubscribe', pool: 'subscriptions', run: (_, call) => unsubscribe(call) },
  { name: 'public/unsubscribe_all', pool: 'subscriptions', run: unsubscribeAll },
  { name: 'private/subscribe', pool: 'subscriptions', run: (_, call) => subscribe(call) },
  { name: 'private/unsubscribe', pool: 'subscriptions', run: (_, call) => unsubscribe(call) },
  { name: 'private/unsubscribe_all', pool: 'subscriptions', run: unsubscribeAll },
  { name: 'public/get_currencies', run: (context) => currencies(context).map(rows.currency) },
  { name: 'public/get_instruments', pool: 'instruments', run: instruments },
  { name: 'public/get_instrument', run: instrument },
  { name: 'public/get_index_price_names', run: (context) => [...new Set(context.venue.listings.map(indexOf))] },
];

function sessionOf({ session }: Call): Session {
  if (!session) throw say.badRequest('only over websocket');
  return session;
}

function auth(context: RouteContext, { params, session }: Call): unknown {
  const { account, token } = logIn(context.desk.accounts, context.tokens, params, context.now());
  session?.logIn(account, token.expiresAt);
  return token.told;
}

function setHeartbeat(_: RouteContext, call: Call): string {
  const seconds = call.params.integer('interval', 0);
  if (seconds < MIN_HEARTBEAT_SECONDS) throw say.wrong('interval', 'must be at least 10');
  return heartbeat(call, seconds);
}

function heartbeat(call: Call, seconds: number): string {
  sessionOf(call).setHeartbeat(seconds);
  return 'ok';
}

function subscribe(call: Call): readonly string[] {
  return sessionOf(call).subscribe(call.params.list('channels'));
}

function unsubscribe(call: Call): readonly string[] {
  return sessionOf(call).unsubscribe(call.params.list('channels'));
}

function unsubscribeAll(_: RouteContext, call: Call): string {
  sessionOf(call).unsubscribeAll();
  return 'ok';
}

function currencies({ venue }: RouteContext): readonly string[] {
  return [...new Set(venue.listings.flatMap(({ base, quote }) => [base, quote]))].filter((code) => code !== 'USD');
}

function instruments(context: RouteContext, { params }: Call): unknown {
  if (params.flag('expired')) return [];
  return context.listings(params).map((listing) => rows.instrument(listing, context.idOf(listing)));
}

function instrument(context: RouteContext, { params }: Call): unknown {
  const { listing } = context.market(params);
  return rows.instrument(listing, context.idOf(listing));
}
