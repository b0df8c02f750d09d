import type { Answer, RefusalReason } from '@speed-protocol/simulator';
import { say, VenueError } from '../venue-error.js';

type Words = readonly [code: number, message: string];

const WORDS: Readonly<Partial<Record<RefusalReason, Words>>> = {
  'bad-price': [10044, 'price_wrong_tick'],
  'bad-size': [10034, 'amount_not_multiple_of_contract_size'],
  'min-notional': [10005, 'qty_too_low'],
  'insufficient-balance': [10009, 'not_enough_funds'],
  'insufficient-margin': [10009, 'not_enough_funds'],
  'would-take': [11054, 'post_only_reject'],
  'no-liquidity': [11030, 'other_reject no liquidity'],
  'reduce-only': [11030, 'other_reject reduce_only order does not reduce a position'],
  'size-already-filled': [11044, 'not_open_order'],
  'no-change': [10026, 'no_changes'],
};

/** What was agreed to. @throws VenueError what was not */
export function agreed<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  if (answer.reason === 'unknown-symbol') throw say.noInstrument();
  if (answer.reason === 'unknown-order') throw new VenueError(11044, 'not_open_order');
  const [code, message] = WORDS[answer.reason] ?? [11030, `other_reject ${answer.reason}`];
  throw new VenueError(code, message);
}
