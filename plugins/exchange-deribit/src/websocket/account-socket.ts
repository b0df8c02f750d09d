import {
  type ApiSocketSpec,
  type AskStamped,
  asRow,
  hmacSigner,
  type Login,
  type Stamp,
  type VenueContext,
} from '@speed-protocol/wire';
import { drawNonce } from '../client.js';
import { type DeribitConfig, resolveVenue, type VenueId } from '../config.js';
import { ERRORS } from '../errors.js';
import { answerTo, rpcExact } from './commands.js';
import { HEARTBEAT, SOCKET_PATH } from './sockets.js';

/** A connection that has logged in: orders, and the account's channels. https://docs.deribit.com/#authentication */
export function accountSocket(venue: VenueId, { config }: VenueContext<DeribitConfig>): ApiSocketSpec {
  return {
    url: () => resolveVenue(config, venue).ws + SOCKET_PATH,
    heartbeat: HEARTBEAT,
    answerTo,
    errors: ERRORS,
    idOf: ({ id }) => (id === undefined ? undefined : String(id)),
    replyOf: (message) => ({ fault: message, result: message.result }),
    logIn: (ask) => loggedIn(ask, (stamp) => grantOf(config, stamp)),
  };
}

async function loggedIn(ask: AskStamped, grant: (stamp: Stamp) => Record<string, unknown>): Promise<Login<Stamp>> {
  const { body } = await ask((stamp) => rpcExact(stamp.id, 'public/auth', grant(stamp)));
  const { expires_in: seconds, refresh_token } = asRow(body);
  return {
    validMs: 1_000 * Number(seconds),
    renew: (again) => loggedIn(again, () => ({ grant_type: 'refresh_token', refresh_token })),
  };
}

function grantOf({ apiKey, secret, grant, scope }: DeribitConfig, { timestamp }: Stamp): Record<string, unknown> {
  const named = { grant_type: grant, client_id: apiKey, scope };
  if (grant === 'client_credentials') return { ...named, client_secret: secret!.reveal() };
  const nonce = drawNonce();
  return { ...named, timestamp, nonce, data: '', signature: hmacSigner(secret!, 'hex')(`${timestamp}\n${nonce}\n`) };
}

const HEARTBEAT_SECONDS = 10;

/** The venue cancels orders of this connection when it is lost, and asks whether it is: silence is a loss too. */
export async function armDisconnect(ask: AskStamped): Promise<void> {
  await ask(({ id }) => rpcExact(id, 'private/enable_cancel_on_disconnect', { scope: 'connection' }));
  await ask(({ id }) => rpcExact(id, 'public/set_heartbeat', { interval: HEARTBEAT_SECONDS }));
}
