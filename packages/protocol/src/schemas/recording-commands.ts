import { z } from 'zod';
import { command } from './command.js';
import { nullableNumber, symbolName, time, venueId } from './scalars.js';

const DATASETS = ['orderbooks', 'depth', 'trades', 'quotes', 'funding', 'candles', 'liquidations'] as const;

const at = { venue: venueId, symbol: symbolName };

const recordedSymbol = z.object({
  venue: z.string(),
  symbol: z.string(),
  events: z.int().describe('taken since the start'),
  eventsPerSecond: z.number(),
  gaps: z.int().describe('that its feeds reported since the start'),
  book: z.string().describe('live, syncing or stale'),
  problems: z.array(z.string()).readonly().describe('feeds that ended by themselves, and why'),
});

/** What is being recorded, and how well. */
export const recordingsResult = z.object({
  location: z.string().describe('where it goes'),
  state: z
    .enum(['idle', 'recording', 'full', 'failed', 'closed'])
    .describe(
      'idle: nothing was started yet; full: the disk takes nothing, rows wait in memory; failed: the log cannot be written',
    ),
  problem: z.string().nullable(),
  rows: z.int().describe('safe on disk since the start'),
  rowsPerSecond: z.number(),
  lagMs: z.number().describe('that the oldest row waits for the disk'),
  gaps: z.int().describe('rows that say what is missing'),
  dropped: z.int().describe('rows lost for want of room; each is in a listed gap'),
  files: z.int(),
  bytes: z.int(),
  backlogBytes: z.int().describe('in the log and not in the store yet'),
  store: z.enum(['ok', 'spilling']).describe('spilling: the store is away or slow, the log keeps everything'),
  symbols: z.array(recordedSymbol).readonly(),
});

/** Commands on the recordings of this server. */
export const recordingCommands = {
  recordings: command('What this server records, and how well.', z.strictObject({}), recordingsResult),
  start_recording: command(
    'Starts to record an instrument; doing it twice changes nothing.',
    z.strictObject({
      ...at,
      datasets: z.array(z.enum(DATASETS)).min(1).optional().describe('default: all that the venue has'),
    }),
    recordingsResult,
  ),
  stop_recording: command(
    'Stops recording an instrument; what was recorded is kept.',
    z.strictObject(at),
    z.object({ wasRecording: z.boolean() }),
  ),
  recorded_prices: command(
    'Best prices of a recorded range, thinned out, with the gaps in it.',
    z.strictObject({
      ...at,
      from: time.optional().describe('ms since epoch; default: an hour before `until`'),
      until: time.optional().describe('ms since epoch, not included; default: now'),
      points: z.int().min(2).max(5000).optional().describe('at most; default 600'),
    }),
    z.object({
      firstTime: nullableNumber.describe('of everything that is recorded of it'),
      lastTime: nullableNumber,
      points: z
        .array(z.tuple([z.number(), z.number(), z.number()]).readonly())
        .readonly()
        .describe('[time, bid, ask]'),
      gaps: z
        .array(
          z.object({
            reason: z.string(),
            from: nullableNumber.describe('time of the last book before the hole'),
            until: nullableNumber.describe('time of the first one behind it; null: until the next book'),
            missed: nullableNumber,
          }),
        )
        .readonly(),
    }),
  ),
} as const;
