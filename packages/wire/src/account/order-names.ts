import type { OrderRef } from '@speed-protocol/core';
import type { Params } from '../rest/endpoint.js';

/** How a venue's parameters name an order: by one id, and the client order id wins. @param names the venue's of the two ids */
export function orderNames({ client, venue }: Readonly<Record<'client' | 'venue', string>>): (ref: OrderRef) => Params {
  return ({ clientOrderId, venueOrderId }) =>
    clientOrderId === undefined ? { [venue]: venueOrderId } : { [client]: clientOrderId };
}
