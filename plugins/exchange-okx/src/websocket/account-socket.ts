import {
  type ApiSocketSpec,
  cell,
  hmacSigner,
  namelessLogin,
  type Stamp,
  type VenueContext,
  whenIdle,
} from '@speed-protocol/wire';
import { type OkxConfig, resolveVenue, type VenueId } from '../config.js';
import { ERRORS } from '../errors.js';
import { UPGRADE } from './commands.js';

/** `/ws/v5/private`: orders, and the account's channels. https://www.okx.com/docs-v5/en/#overview-websocket-login */
export function accountSocket(venue: VenueId, { config }: VenueContext<OkxConfig>): ApiSocketSpec {
  return {
    url: () => `${resolveVenue(config, venue).ws}/ws/v5/private`,
    heartbeat: whenIdle(() => 'ping'),
    pong: 'pong',
    errors: ERRORS,
    // On some versions of the venue the answer to a login names no request, and neither does an error.
    ...namelessLogin({
      write: (stamp) => loginRequest(config, stamp),
      isAnswer: ({ event }) => event === 'login' || event === 'error',
      idOf: cell.textOrNull('id'),
    }),
    replyOf: (message) => ({ fault: message, result: message.event ?? message.data }),
    rotates: ({ code }) => (code === UPGRADE ? 'the venue announced an upgrade' : undefined),
  };
}

function loginRequest({ apiKey, secret, password }: OkxConfig, { id, timestamp: now }: Stamp): string {
  const timestamp = String(Math.floor(now / 1000));
  const sign = hmacSigner(secret!, 'base64')(`${timestamp}GET/users/self/verify`);
  return JSON.stringify({ id, op: 'login', args: [{ apiKey, passphrase: password!.reveal(), timestamp, sign }] });
}
