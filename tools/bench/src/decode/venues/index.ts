import { BINANCE } from './binance.js';
import { BYBIT } from './bybit.js';
import { DERIBIT } from './deribit.js';
import { OKX } from './okx.js';
import type { Venue } from './venue.js';

/** Every venue that the bench decodes. */
export const VENUES: readonly Venue[] = [...BINANCE, OKX, BYBIT, DERIBIT];
