import {
  type ApiSocketSpec,
  asRow,
  cell,
  namelessLogin,
  type Stamp,
  type VenueContext,
  type WriteStamped,
  whenIdle,
} from '@speed-protocol/wire';
import { signerOf } from '../client.js';
import { type BybitConfig, resolveVenue, type VenueId } from '../config.js';
import { ERRORS } from '../errors.js';
import { withCodes } from '../formats.js';
import { pingText } from './commands.js';

/** `/v5/private`: what happens to the account. https://bybit-exchange.github.io/docs/v5/ws/connect */
export function privateSocket(venue: VenueId, { config }: VenueContext<BybitConfig>): ApiSocketSpec {
  return accountSocket(config, () => `${resolveVenue(config, venue).wsPrivate}/v5/private`, {
    replyOf: (message) => ({ fault: message, result: message.success }),
  });
}

/** `/v5/trade`: orders. https://bybit-exchange.github.io/docs/v5/websocket/trade/guideline */
export function orderSocket(venue: VenueId, { config }: VenueContext<BybitConfig>): ApiSocketSpec {
  return accountSocket(config, () => `${resolveVenue(config, venue).wsTrade}/v5/trade`, {
    replyOf: (message) => {
      const result = withCodes(message.data, message.retExtInfo) ?? message.op;
      return { fault: message, result, header: (name) => asRow(message.header)[name] as string | undefined };
    },
  });
}

function accountSocket(config: BybitConfig, url: () => string, part: Pick<ApiSocketSpec, 'replyOf'>): ApiSocketSpec {
  return {
    ...{ url, heartbeat: whenIdle(pingText), errors: ERRORS, ...part },
    ...namelessLogin({
      write: (stamp) => loginRequest(config, stamp),
      isAnswer: ({ op }) => op === 'auth',
      // A pong answers nothing that is waited for. The names are those of the private address and of that of orders.
      idOf: (message) => (message.op === 'pong' || message.op === 'auth' ? null : cell.textOrNull('req_id', 'reqId')(message)),
    }),
  };
}

/** The login is good for as long as a request may be on its way. */
function loginRequest({ apiKey, secret, recvWindowMs }: BybitConfig, { id, timestamp }: Stamp): string {
  const expires = timestamp + recvWindowMs;
  return JSON.stringify({ req_id: id, op: 'auth', args: [apiKey, expires, signerOf(secret!)(`GET/realtime${expires}`)] });
}

/** A request on the order socket: the connection is signed, its frames are not. */
export function orderRequest(op: string, body: object, recvWindowMs: number): WriteStamped {
  return ({ id, timestamp }) => {
    const header = { 'X-BAPI-TIMESTAMP': String(timestamp), 'X-BAPI-RECV-WINDOW': String(recvWindowMs) };
    return JSON.stringify({ reqId: id, header, op, args: [body] });
  };
}
