import type { SelfTrade, UserOrderRef } from '@speed-protocol/simulator';
import type { Params } from '../rest/params.js';
import { say, VenueError } from '../venue-error.js';

const CLIENT_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;
const CLIENT_ID_TEXT = '^[\\.A-Z\\:/a-z0-9_-]{1,36}$';

/** @throws VenueError -1102, -1117 */
export function sideOf(params: Params): 'buy' | 'sell' {
  params.required('side');
  const side = params.word('side', ['BUY', 'SELL'], () => new VenueError(-1117, 'Invalid side.'));
  return side === 'BUY' ? 'buy' : 'sell';
}

const SELF_TRADE: Readonly<Record<string, SelfTrade>> = {
  EXPIRE_TAKER: 'expire-taker',
  EXPIRE_MAKER: 'expire-maker',
  EXPIRE_BOTH: 'expire-both',
};

/** `NONE` lets an account's orders trade with each other. */
export function selfTradeOf(mode: string): SelfTrade | undefined {
  return SELF_TRADE[mode];
}

/** A client's own id, by default that of a new order. @throws VenueError -1100 */
export function clientIdOf(params: Params, name = 'newClientOrderId'): string | undefined {
  const id = params.optional(name);
  if (id !== undefined && !CLIENT_ID.test(id)) throw say.illegal(name, CLIENT_ID_TEXT);
  return id;
}

/**
 * The order that a request names; the venue's id wins.
 * @throws VenueError -1102 when neither id is there
 */
export function orderRefOf(params: Params, names = { id: 'orderId', clientId: 'origClientOrderId' }): UserOrderRef {
  const [symbol, id, clientId] = [params.symbol(), params.integer(names.id), params.optional(names.clientId)];
  if (id === undefined && !clientId) {
    throw new VenueError(-1102, `Param '${names.clientId}' or '${names.id}' must be sent, but both were empty/null!`);
  }
  return { symbol, id, clientId: id === undefined ? clientId : undefined };
}
