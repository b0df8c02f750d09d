import type { Answer, RefusalReason } from '@speed-protocol/simulator';
import type { Family } from '../products.js';
import { VenueError } from '../venue-error.js';

type Words = readonly [code: number, message: string];
type Table = Readonly<Partial<Record<RefusalReason, Words>>>;
export type RefusedAction = 'place' | 'amend' | 'cancel' | 'set';

const UNKNOWN_ORDER: Words = [-2013, 'Order does not exist.'];
const NO_SUCH_ORDER: Words = [-2011, 'Unknown order sent.'];

const SPOT: Table = {
  'unknown-symbol': [-1121, 'Invalid symbol.'],
  'bad-price': [-1013, 'Filter failure: PRICE_FILTER'],
  'bad-size': [-1013, 'Filter failure: LOT_SIZE'],
  'min-notional': [-1013, 'Filter failure: NOTIONAL'],
  'duplicate-client-id': [-2010, 'Duplicate order sent.'],
  'insufficient-balance': [-2010, 'Account has insufficient balance for requested action.'],
  'would-take': [-2010, 'Order would immediately match and take.'],
  'would-trigger': [-2010, 'Order would trigger immediately.'],
  'no-liquidity': [-2010, 'Order book liquidity is less than `LOT_SIZE` filter minimum quantity.'],
  'no-change': [-2038, 'The requested action would change no state; rejecting.'],
  'size-already-filled': [-2038, 'The requested action would change no state; rejecting.'],
};

const FUTURES: Table = {
  'unknown-symbol': [-1121, 'Invalid symbol.'],
  'bad-price': [-4014, 'Price not increased by tick size.'],
  'bad-size': [-4023, 'Qty not increased by step size.'],
  'min-notional': [-4164, "Order's notional must be no smaller than 5.0 (unless you choose reduce only)."],
  'duplicate-client-id': [-4116, 'ClientOrderId is duplicated.'],
  'insufficient-margin': [-2019, 'Margin is insufficient.'],
  'would-take': [
    -5022,
    'Due to the order could not be executed as maker, the Post Only order will be rejected. The order will not be recorded in the order history',
  ],
  'would-trigger': [-2021, 'Order would immediately trigger.'],
  'no-liquidity': [-4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit."],
  'reduce-only': [-2022, 'ReduceOnly Order is rejected.'],
  'reduce-only-in-hedge-mode': [-1106, "Parameter 'reduceonly' sent when not required."],
  'position-side': [-4061, "Order's position side does not match user's setting."],
  'no-change': [-5027, 'No need to modify the order.'],
  'has-open-orders': [-4067, 'Position side cannot be changed if there exists open orders.'],
  'has-open-positions': [-4068, 'Position side cannot be changed if there exists position.'],
  'lower-leverage': [-4161, 'Leverage reduction is not supported in Isolated Margin Mode with open positions.'],
};

/** A refusal in the venue's words. */
function refusalOf(reason: RefusalReason, action: RefusedAction, family: Family): VenueError {
  const [code, message] = wordsOf(reason, action, family) ?? [-1000, `An unknown error occurred: ${reason}.`];
  return new VenueError(code, message);
}

function wordsOf(reason: RefusalReason, action: RefusedAction, family: Family): Words | undefined {
  if (reason === 'unknown-order') return action === 'cancel' ? NO_SUCH_ORDER : UNKNOWN_ORDER;
  return (family === 'spot' ? SPOT : FUTURES)[reason];
}

/** What was agreed to. @throws VenueError what was not */
export function agreed<T>(answer: Answer<T>, action: RefusedAction, family: Family): T {
  if (answer.ok) return answer.value;
  throw refusalOf(answer.reason, action, family);
}

export const say = {
  noSuchOrder: () => new VenueError(...NO_SUCH_ORDER),
  unknownOrder: () => new VenueError(...UNKNOWN_ORDER),
};
