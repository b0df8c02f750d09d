import type { OrderIdRules } from '@speed-protocol/wire';

/** No separators; unique among open orders. */
export const ORDER_IDS: OrderIdRules = {
  pattern: /^[A-Za-z0-9]{1,32}$/,
  maxLength: 32,
  alphabet: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
};
