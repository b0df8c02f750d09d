import type { OrderIdRules } from '@speed-protocol/wire';

/** Letters, digits, - and _, at most 36; unique for good. https://bybit-exchange.github.io/docs/v5/order/create-order */
export const ORDER_IDS: OrderIdRules = {
  pattern: /^[A-Za-z0-9_-]{1,36}$/,
  maxLength: 36,
  alphabet: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
};
