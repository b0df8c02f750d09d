import { type ApiSocketSpec, namelessLogin, type Stamp, type VenueContext, type WriteStamped } from '@speed-protocol/wire';
import { signerOf } from '../client.js';
import { type BybitConfig, resolveVenue, type VenueId } from '../config.js';
import { ERRORS } from '../errors.js';
import { pingText } from './sockets.js';

interface Message {
  readonly op?: string;
  /** Of the private address and of that of orders. */
  readonly req_id?: string;
  readonly reqId?: string;
  readonly success?: boolean;
  readonly data?: object;
  readonly retExtInfo?: { readonly list?: readonly unknown[] };
  readonly header?: Readonly<Record<string, string>>;
}

const HEARTBEAT = { everyMs: 2_000, timeoutMs: 3_000, when: 'idle', message: pingText } as const;

/** `/v5/private`: what happens to the account. https://bybit-exchange.github.io/docs/v5/ws/connect */
export function privateSocket(venue: VenueId, { config }: VenueContext<BybitConfig>): ApiSocketSpec {
  return accountSocket(config, () => `${resolveVenue(config, venue).wsPrivate}/v5/private`, {
    replyOf: (message) => ({ fault: message, result: (message as Message).success }),
  });
}

/** `/v5/trade`: orders. https://bybit-exchange.github.io/docs/v5/websocket/trade/guideline */
export function orderSocket(venue: VenueId, { config }: VenueContext<BybitConfig>): ApiSocketSpec {
  return accountSocket(config, () => `${resolveVenue(config, venue).wsTrade}/v5/trade`, {
    replyOf: (message) => {
      const { op, data, retExtInfo, header = {} } = message as Message;
      const result = retExtInfo?.list === undefined ? data : { ...data, codes: retExtInfo.list };
      return { fault: message, result: result ?? op, header: (name) => header[name] };
    },
  });
}

function accountSocket(config: BybitConfig, url: () => string, part: Pick<ApiSocketSpec, 'replyOf'>): ApiSocketSpec {
  return {
    ...{ url, heartbeat: HEARTBEAT, errors: ERRORS, ...part },
    ...namelessLogin({
      write: (stamp) => loginRequest(config, stamp),
      isAnswer: (message) => (message as Message | null)?.op === 'auth',
      // A pong answers nothing that is waited for.
      idOf: (message) => {
        const { op = '', req_id, reqId } = (message ?? {}) as Message;
        return op === 'pong' || op === 'auth' ? undefined : (req_id ?? reqId);
      },
    }),
  };
}

/** The login is good for as long as a request may be on its way. */
function loginRequest({ apiKey, secret, recvWindowMs }: BybitConfig, { id, timestamp }: Stamp): string {
  const expires = timestamp + recvWindowMs;
  return JSON.stringify({ req_id: id, op: 'auth', args: [apiKey, expires, signerOf(secret!)(`GET/realtime${expires}`)] });
}

/** A request on the order socket: the connection is signed, its frames are not. */
export function orderRequest(op: string, body: object, recvWindowMs: number): WriteStamped<Stamp> {
  return ({ id, timestamp }) => {
    const header = { 'X-BAPI-TIMESTAMP': String(timestamp), 'X-BAPI-RECV-WINDOW': String(recvWindowMs) };
    return JSON.stringify({ reqId: id, header, op, args: [body] });
  };
}
