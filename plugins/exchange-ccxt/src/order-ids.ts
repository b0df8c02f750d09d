import { OrderIdMint } from '@speed-protocol/wire';
import type { CcxtConfig } from './config.js';

/** What nearly every exchange takes. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Makes the ids of one connector, and knows those of all with the same prefix. */
export function orderIdMint({ orderIdPrefix, orderIdLength }: CcxtConfig): OrderIdMint {
  return new OrderIdMint({ prefix: orderIdPrefix, alphabet: ALPHABET, maxLength: orderIdLength });
}
