import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { SpeedError } from '@speed-protocol/core';
import type { CaptureLine, ReplayEvent, ReplayReader } from './replay.js';

/** A captured event and when it happened, ms after the first of the capture. */
export interface TimedReplayEvent {
  readonly at: number;
  readonly event: ReplayEvent;
}

/**
 * Market events of capture files (JSONL, `.gz` too), in order of time.
 * @throws SpeedError `config` when a file cannot be read, a line is not JSON, or nothing in them moves a market
 */
export async function readCaptures(
  files: readonly string[],
  readers: readonly ReplayReader[],
): Promise<readonly TimedReplayEvent[]> {
  const events: TimedReplayEvent[] = [];
  for (const file of files) {
    for await (const line of captureLines(file)) {
      const { ts } = line;
      if (ts !== null) for (const event of readers.flatMap((read) => read(line))) events.push({ at: ts, event });
    }
  }
  if (events.length === 0)
    throw new SpeedError('config', `nothing in ${files.join(', ')} moves a simulated market: no book or trade frames`);
  events.sort((a, b) => a.at - b.at);
  const first = events[0]!.at;
  return events.map(({ at, event }) => ({ at: at - first, event }));
}

async function* captureLines(file: string): AsyncGenerator<CaptureLine> {
  const source = createReadStream(file);
  const failure = new Promise<never>((_, reject) => source.once('error', reject));
  failure.catch(() => {});
  const input = file.endsWith('.gz') ? source.pipe(createGunzip()) : source;
  let number = 0;
  try {
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
    for (;;) {
      const { value, done } = await Promise.race([lines.next(), failure]);
      if (done) return;
      number++;
      if (value.trim() !== '') yield JSON.parse(value) as CaptureLine;
    }
  } catch (cause) {
    throw new SpeedError('config', `capture ${file}, line ${number}: ${(cause as Error).message}`, { cause });
  }
}
