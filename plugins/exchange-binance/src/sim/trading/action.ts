import type { Params } from '../rest/params.js';
import type { Caller } from './authenticate.js';
import type { TradingDesk } from './desk.js';

/** Something a client asks of its account; the answer is the JSON body that the venue sends, or it throws a VenueError. */
export type Action = (desk: TradingDesk, caller: Caller, params: Params) => unknown;

/** An action that spot and futures do differently. */
export function byProduct(spot: Action, futures: Action): Action {
  return (desk, caller, params) => (desk.spot ? spot : futures)(desk, caller, params);
}

/** An action that the two futures products do differently. */
export function byFutures(linear: Action, inverse: Action): Action {
  return (desk, caller, params) => (desk.product.family === 'linear' ? linear : inverse)(desk, caller, params);
}
