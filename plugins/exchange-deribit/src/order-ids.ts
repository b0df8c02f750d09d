import type { OrderIdRules } from '@speed-protocol/wire';

/** They are the venue's labels: any text, which it neither keeps unique nor takes for proof of a repetition. */
export const ORDER_IDS: OrderIdRules = {
  pattern: /^[\x21-\x7e]{1,64}$/,
  maxLength: 64,
  alphabet: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  areLabels: true,
};
