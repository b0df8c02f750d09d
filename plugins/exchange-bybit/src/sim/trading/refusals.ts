import type { Answer, RefusalReason } from '@speed-protocol/simulator';
import { VenueError } from '../venue-error.js';

/** The same refusal has other codes on spot. */
type Words = readonly [contracts: number, spot: number, message: string];

const WORDS: Readonly<Partial<Record<RefusalReason, Words>>> = {
  'bad-price': [10001, 170134, 'Price invalid'],
  'bad-size': [10001, 170137, 'Qty invalid'],
  'min-notional': [110094, 170140, 'Order does not meet minimum order value'],
  'duplicate-client-id': [110072, 170141, 'OrderLinkedID is duplicate'],
  'insufficient-balance': [110007, 170131, 'Insufficient balance.'],
  'insufficient-margin': [110007, 170131, 'ab not enough for new order'],
  'no-liquidity': [10001, 170130, 'No order matched'],
  'reduce-only': [110017, 110017, 'current position is zero, cannot fix reduce-only order qty'],
  'reduce-only-in-hedge-mode': [110017, 110017, 'position idx not match position mode'],
  'position-side': [10001, 10001, 'position idx not match position mode'],
  'size-already-filled': [110017, 170190, 'Qty is less than what is filled'],
  'no-change': [110043, 110043, 'Set leverage not modified'],
  'bad-leverage': [110013, 110013, 'cannot set leverage due to risk limit'],
  'lower-leverage': [110013, 110013, 'cannot set leverage due to risk limit'],
  'has-open-orders': [110028, 110028, 'You have existing open orders, so you cannot switch position mode'],
  'has-open-positions': [110024, 110024, 'You have an existing position, so you cannot switch position mode'],
  'unknown-order': [110001, 170213, 'order not exists or too late to cancel'],
  'would-take': [10001, 170218, 'The LIMIT-MAKER order would be matched and taken'],
};

/** What was agreed to. @throws VenueError what was not */
export function agreed<T>(answer: Answer<T>, category: string): T {
  if (answer.ok) return answer.value;
  const [contracts, spot, message] = WORDS[answer.reason] ?? [10001, 10001, `refused: ${answer.reason}`];
  throw new VenueError(category === 'spot' ? spot : contracts, message);
}
