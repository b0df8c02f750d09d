import type { OrderIdRules } from '@speed-protocol/wire';
import type { VenueId } from './config.js';

const FUTURES: OrderIdRules = {
  pattern: /^[.A-Z:/a-z0-9_-]{1,36}$/,
  maxLength: 36,
  alphabet: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
};

/** Unique among open orders only; a filled order's id may be used again. */
export const ORDER_IDS: Readonly<Record<VenueId, OrderIdRules>> = {
  binance: { ...FUTURES, pattern: /^[a-zA-Z0-9_-]{1,36}$/ },
  binanceusdm: FUTURES,
  binancecoinm: FUTURES,
};
