import type { Clock, Decimal } from '@speed-protocol/core';
import type { DeskOrder, Host, OrderRequest, TradingAccount } from '@speed-protocol/host';
import type { AccountStream } from './account-stream.js';
import { orderKey } from './notes.js';
import { type OrderRefs, tagOf } from './order-refs.js';
import type { AccountStreams } from './streams.js';

export interface PlacingParts {
  readonly host: Host;
  readonly streams: AccountStreams;
  readonly refs: OrderRefs;
  /** A venue that has not answered by then has the order all the same: it is told as it stands, ms. */
  readonly answerMs: number;
}

export type Wish = Omit<OrderRequest, 'clientOrderId'>;

/**
 * Places for one session. The order is the session's own before anything is told of it, and the same reference places
 * once. Resolves when the venue has answered, or after `answerMs` with the order as it stands.
 * @throws SpeedError when nothing was sent
 */
export async function placeFor(
  parts: PlacingParts,
  account: TradingAccount,
  stream: AccountStream,
  wish: Wish,
  ref?: string,
): Promise<DeskOrder> {
  if (ref === undefined) return latest(account, await placeOnce(parts, account, stream, wish));
  const tag = tagOf(stream.user, ref);
  return latest(account, await parts.refs.once(account, tag, () => placeOnce(parts, account, stream, { ...wish, tag })));
}

async function placeOnce(parts: PlacingParts, account: TradingAccount, stream: AccountStream, wish: Wish): Promise<DeskOrder> {
  const { trading } = await parts.host.connectors.get(account.venue, account.id);
  const clientOrderId = trading!.newClientOrderId();
  const key = orderKey(account.id, clientOrderId);
  parts.streams.own(key, stream);
  try {
    return await answered(parts, account, clientOrderId, account.place({ ...wish, clientOrderId }));
  } catch (error) {
    parts.streams.disown(key);
    throw error;
  }
}

async function answered(
  { host, answerMs }: PlacingParts,
  account: TradingAccount,
  clientOrderId: string,
  placing: Promise<DeskOrder>,
): Promise<DeskOrder> {
  for (;;) {
    const { elapsed, cancel } = wait(host.clock, answerMs);
    const order = await Promise.race([placing, elapsed]).finally(cancel);
    // Until it is on record, it may still be refused unsent.
    const known = order ?? onRecord(account, clientOrderId);
    if (known) {
      // What it says later is in the order's own events.
      placing.catch(() => undefined);
      return known;
    }
  }
}

function onRecord(account: TradingAccount, clientOrderId: string): DeskOrder | undefined {
  try {
    return account.order(clientOrderId);
  } catch {
    return undefined;
  }
}

function latest(account: TradingAccount, order: DeskOrder): DeskOrder {
  return onRecord(account, order.clientOrderId) ?? order;
}

function wait(clock: Clock, ms: number): { readonly elapsed: Promise<undefined>; readonly cancel: () => void } {
  let cancel = () => {};
  const elapsed = new Promise<undefined>((resolve) => {
    cancel = clock.schedule(ms, () => resolve(undefined));
  });
  return { elapsed, cancel };
}

/** The parameters of `place` as an order request; undefined members are left out. */
export function wishOf(params: {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'limit' | 'market';
  readonly amount: string;
  readonly price?: string | undefined;
  readonly timeInForce?: Wish['timeInForce'];
  readonly reduceOnly?: boolean | undefined;
  readonly positionSide?: Wish['positionSide'];
}): Wish {
  const { symbol, side, type, amount, price, timeInForce, reduceOnly, positionSide } = params;
  return {
    ...{ symbol, side, type, amount: amount as Decimal },
    ...(price !== undefined && { price: price as Decimal }),
    ...(timeInForce !== undefined && { timeInForce }),
    ...(reduceOnly !== undefined && { reduceOnly }),
    ...(positionSide !== undefined && { positionSide }),
  };
}
