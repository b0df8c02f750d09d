import type { CallOptions } from '@speed-protocol/core';
import { SpeedError } from '@speed-protocol/core';
import type { CommandName, CommandParams, CommandResult } from '@speed-protocol/protocol';
import type { recordingCommands } from '@speed-protocol/protocol/schemas';
import type { Handler } from './commands/context.js';

type Datasets = CommandParams<'start_recording'>['datasets'];

/** What records, for a server that is asked to; `@speed-protocol/recorder` has one. */
export interface Recordings {
  readonly status: CommandResult<'recordings'>;
  /** Twice is the same as once. */
  start(venue: string, symbol: string, datasets?: Datasets, options?: CallOptions): Promise<void>;
  /** False when it was not being recorded. */
  stop(venue: string, symbol: string): Promise<boolean>;
  prices(
    venue: string,
    symbol: string,
    options: Omit<CommandParams<'recorded_prices'>, 'venue' | 'symbol'> & CallOptions,
  ): Promise<CommandResult<'recorded_prices'>>;
}

/** Longest range of one `recorded_prices`, ms: every book in it is read. */
const MAX_RANGE_MS = 24 * 3_600_000;

/** What each command on recordings does. */
export const recordingHandlers: { readonly [C in keyof typeof recordingCommands & CommandName]: Handler<C> } = {
  recordings: (_params, { recordings }) => required(recordings).status,
  start_recording: async ({ venue, symbol, datasets }, context, _caller, signal) => {
    const recordings = required(context.recordings);
    await recordings.start(venue, symbol, datasets, { signal });
    return recordings.status;
  },
  stop_recording: async ({ venue, symbol }, { recordings }) => ({ wasRecording: await required(recordings).stop(venue, symbol) }),
  recorded_prices: ({ venue, symbol, from, until, points }, { recordings, host }, _caller, signal) => {
    const end = until ?? host.clock.now() + 1;
    if (from !== undefined && end - from > MAX_RANGE_MS)
      throw new SpeedError('invalid-request', 'recorded_prices: the range is longer than a day; ask for a day at a time');
    return required(recordings).prices(venue, symbol, { from, until: end, points, signal });
  },
};

function required(recordings: Recordings | undefined): Recordings {
  if (recordings !== undefined) return recordings;
  throw new SpeedError('unsupported', 'this server was started without a recorder; "speed server" and "speed demo" have one');
}
