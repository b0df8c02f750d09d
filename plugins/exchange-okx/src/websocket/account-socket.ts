import { type ApiSocketSpec, hmacSigner, namelessLogin, type Stamp, type VenueContext } from '@speed-protocol/wire';
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
const LOGIN_ANSWERS: ReadonlySet<string | undefined> = new Set(['login', 'error']);

/** `/ws/v5/private`: orders, and the account's channels. https://www.okx.com/docs-v5/en/#overview-websocket-login */
export function accountSocket(venue: VenueId, { config }: VenueContext<OkxConfig>): ApiSocketSpec {
  return {
    url: () => `${resolveVenue(config, venue).ws}/ws/v5/private`,
    heartbeat: { everyMs: 2_000, timeoutMs: 3_000, when: 'idle', message: () => 'ping' },
    pong: 'pong',
    errors: ERRORS,
    // On some versions of the venue the answer to a login names no request, and neither does an error.
    ...namelessLogin({
      write: (stamp) => loginRequest(config, stamp),
      isAnswer: (message) => LOGIN_ANSWERS.has((message as Message | null)?.event),
      idOf: (message) => (message as Message | null)?.id ?? undefined,
    }),
    replyOf: (message) => {
      const { event, data } = message as Message;
      return { fault: message, result: event ?? data };
    },
    rotates: (message) => ((message as Message | null)?.code === UPGRADE ? 'the venue announced an upgrade' : undefined),
  };
}

function loginRequest({ apiKey, secret, password }: OkxConfig, { id, timestamp: now }: Stamp): string {
  const timestamp = String(Math.floor(now / 1000));
  const sign = hmacSigner(secret!, 'base64')(`${timestamp}GET/users/self/verify`);
  return JSON.stringify({ id, op: 'login', args: [{ apiKey, passphrase: password!.reveal(), timestamp, sign }] });
}
