import { FEED_NAMES, tryParseSymbol } from '@speed-protocol/core';
import { z } from 'zod';
import { MAX_BOOK_LEVELS, SERVER_FEEDS } from '../names.js';

export const time = z.number().describe('ms since epoch');
export const nullableNumber = z.number().nullable();
export const side = z.enum(['buy', 'sell']);
export const feed = z.enum(FEED_NAMES);
export const serverFeed = z.enum(SERVER_FEEDS);
export const decimalText = z.string().describe('exact decimal number in plain notation');
export const level = z.tuple([z.number(), z.number()]).describe('[price, size]; size 0 removes the level');
export const channel = z.string().min(1).max(200).describe('<feed>[@<levels or interval>]:<venue>:<symbol>');
export const venueId = z.string().min(1).max(40).describe("venue id in ccxt's naming, e.g. binanceusdm");
export const symbolName = z
  .string()
  .max(80)
  .refine((text) => tryParseSymbol(text) !== undefined, {
    error: 'is not a unified symbol; write BASE/QUOTE, BASE/QUOTE:SETTLE or BASE/QUOTE:SETTLE-YYMMDD',
  })
  .describe('unified symbol, e.g. BTC/USDT:USDT');
export const bookLevels = z.int().min(1).max(MAX_BOOK_LEVELS);

export const positiveAmount = z.number().positive();
