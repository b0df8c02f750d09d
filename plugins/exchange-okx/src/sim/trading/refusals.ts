import type { Answer, RefusalReason } from '@speed-protocol/simulator';
import { VenueError } from '../venue-error.js';

type Action = 'place' | 'amend' | 'cancel' | 'set';
type Words = readonly [code: string, message: string];

const WORDS: Readonly<Partial<Record<RefusalReason, Words>>> = {
  'unknown-symbol': ['51001', "Instrument ID, Instrument ID code, or Spread ID doesn't exist."],
  'bad-price': ['51006', 'Order price is not within the price limit'],
  'bad-size': ['51121', 'Order quantity must be a multiple of the lot size.'],
  'min-notional': ['51020', 'Your order should meet or exceed the minimum order amount.'],
  'duplicate-client-id': ['51016', 'Client order ID already exists.'],
  'insufficient-balance': ['51008', 'Order failed. Insufficient balance in account'],
  'insufficient-margin': ['51008', 'Order failed. Insufficient USDT margin in account'],
  'no-liquidity': ['51026', 'Instrument type does not match underlying index'],
  'reduce-only': ['51169', "Order failed because you don't have any positions in this direction to reduce or close."],
  'position-side': ['51000', 'Parameter posSide error'],
  'size-already-filled': ['51504', 'Order modification failed.'],
  'no-change': ['59000', 'Your settings failed as it is the same as before.'],
  'bad-leverage': ['59102', 'Leverage exceeds the maximum limit'],
  'not-a-derivative': ['51000', 'Parameter instId error'],
  'has-open-orders': ['59000', 'Your settings have failed. Cancel any open orders first.'],
  'has-open-positions': ['59000', 'Your settings have failed. Close any open positions first.'],
};

const UNKNOWN: Readonly<Record<Action, Words>> = {
  place: ['51603', 'Order does not exist'],
  set: ['51603', 'Order does not exist'],
  amend: ['51503', 'Your order has already been filled, canceled or does not exist.'],
  cancel: ['51400', 'Order cancellation failed as the order has been filled, canceled or does not exist.'],
};

/** What was agreed to. @throws VenueError what was not */
export function agreed<T>(answer: Answer<T>, action: Action): T {
  if (answer.ok) return answer.value;
  const words = answer.reason === 'unknown-order' ? UNKNOWN[action] : WORDS[answer.reason];
  const [code, message] = words ?? ['51000', `Order failed: ${answer.reason}`];
  throw new VenueError(code, message);
}
