import { z } from 'zod';
import { command, feeRate, oneAmount } from './command.js';
import { bookState } from './events.js';
import { recordingCommands } from './recording-commands.js';
import { describeResult, fundingRate, fundingRecord, instrument, priceImpact, statusResult } from './results.js';
import { bookLevels, channel, serverFeed, side, symbolName, time, venueId } from './scalars.js';
import { tradingCommands } from './trading-commands.js';

const at = { venue: venueId, symbol: symbolName };

/** Every command: its parameters (unknown fields are refused) and its result. */
export const commands = {
  auth: command(
    'Present the access token; needed first when the server has one and no Authorization header was sent.',
    z.strictObject({ token: z.string().max(1024) }),
    z.object({ authenticated: z.literal(true) }),
  ),
  ping: command("The server's clock.", z.strictObject({}), z.object({ time })),
  describe: command('Venues with their capabilities and versions, and the limits.', z.strictObject({}), describeResult),
  status: command('Sockets to the venues, channels, clients, latency.', z.strictObject({}), statusResult),
  subscribe: command(
    'Events of one feed of one instrument are pushed from now on. State feeds and books begin with the current state.',
    z.strictObject({
      feed: serverFeed,
      ...at,
      levels: bookLevels.optional().describe("book: levels per side (default 10); depth: one of the venue's partial depths"),
      interval: z.string().max(8).optional().describe('candle: default 1m'),
    }),
    z.object({ channel }),
  ),
  unsubscribe: command(
    'Ends one channel; ending one that is not open is not an error.',
    z.strictObject({ channel }),
    z.object({ channel, wasSubscribed: z.boolean() }),
  ),
  instruments: command(
    'Instruments of a venue, filtered.',
    z.strictObject({
      venue: venueId,
      symbol: symbolName.optional(),
      kind: z.enum(['spot', 'perpetual', 'future', 'option']).optional(),
      base: z.string().max(40).optional(),
      quote: z.string().max(40).optional(),
      status: z.enum(['open', 'halted', 'closed']).optional(),
      limit: z.int().min(1).max(20_000).optional(),
    }),
    z.object({ instruments: z.array(instrument), total: z.int().describe('matches before the limit') }),
  ),
  book: command(
    'The top of the book, once. Waits until the book is live.',
    z.strictObject({ ...at, levels: bookLevels.optional() }),
    z.object(bookState),
  ),
  price_impact: command(
    'What a market order of this size would pay, walked over the live book.',
    oneAmount({ ...at, side, feeRate }),
    priceImpact,
  ),
  funding: command('The current funding rate of a contract.', z.strictObject(at), fundingRate),
  funding_history: command(
    'Settled funding rates, oldest first.',
    z.strictObject({
      ...at,
      since: time.optional(),
      until: time.optional(),
      limit: z.int().min(1).max(10_000).optional(),
    }),
    z.object({ records: z.array(fundingRecord) }),
  ),
  ...recordingCommands,
  ...tradingCommands,
} as const;
