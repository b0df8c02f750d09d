import { type ApiSocketSpec, hmacSigner, type Stamp, type VenueContext } from '@speed-protocol/wire';
import { type OkxConfig, resolveVenue, type VenueId } from '../config.js';
import { ERRORS } from '../errors.js';

interface Message {
  readonly id?: string | null;
  readonly event?: string;
  readonly code?: string;
  readonly data?: unknown;
}

/** The venue's notice that it is about to close the connection for an upgrade. */
const UPGRADE = '64008';

/** `/ws/v5/private`: orders, and the account's channels. https://www.okx.com/docs-v5/en/#overview-websocket-login */
export function accountSocket(venue: VenueId, { config }: VenueContext<OkxConfig>): ApiSocketSpec {
  // The answer to a login names no request on all versions of the venue; neither does an error.
  let loginId = '';
  return {
    url: () => `${resolveVenue(config, venue).ws}/ws/v5/private`,
    heartbeat: { everyMs: 2_000, timeoutMs: 3_000, when: 'idle', message: () => 'ping' },
    pong: 'pong',
    errors: ERRORS,
    idOf: (message) => {
      const { id, event } = (message ?? {}) as Message;
      return id ?? (event === 'login' || event === 'error' ? loginId : undefined);
    },
    replyOf: (message) => {
      const { event, data } = message as Message;
      return { fault: message, result: event ?? data };
    },
    logIn: async (ask) => {
      await ask((stamp) => {
        loginId = stamp.id;
        return loginRequest(config, stamp);
      });
    },
    rotates: (message) => ((message as Message | null)?.code === UPGRADE ? 'the venue announced an upgrade' : undefined),
  };
}

function loginRequest({ apiKey, secret, password }: OkxConfig, { id, timestamp: now }: Stamp): string {
  const timestamp = String(Math.floor(now / 1000));
  const sign = hmacSigner(secret!, 'base64')(`${timestamp}GET/users/self/verify`);
  return JSON.stringify({ id, op: 'login', args: [{ apiKey, passphrase: password!.reveal(), timestamp, sign }] });
}
