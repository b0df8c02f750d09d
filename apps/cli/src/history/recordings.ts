import type { Logger } from '@speed-protocol/core';
import type { Host } from '@speed-protocol/host';
import { type RecordingOptions, Recordings } from '@speed-protocol/recorder';

/** Recordings over a host's venues: one connection serves clients and recorder alike. Opens nothing before the first start. */
export function recordingsOf(
  { plugins, connectors, logger, clock, config }: Host,
  settings: Pick<RecordingOptions, 'to' | 'keepDays' | 'bookIntervalMs' | 'bookDepth'>,
): Recordings {
  return new Recordings({
    plugins,
    connect: (venue) => connectors.get(venue),
    ...settings,
    environment: environmentOf(Object.values(config.venues)),
    logger,
    clock,
    // The thread's own module exists only in the build.
    thread: !process.execArgv.includes('--conditions=@speed/source'),
  });
}

/** What a recording of these venues is of: `live` unless their settings say otherwise. */
export function environmentOf(settings: readonly unknown[]): string {
  const all = settings.map((each) => (each as { environment?: string } | undefined)?.environment ?? 'live');
  return [...new Set(all.length === 0 ? ['live'] : all)].sort().join('+');
}

/** A venue that is down, or a disk that is full, must not keep a server from serving: it is logged. */
export function recordFromStart(recordings: Recordings, venue: string, symbol: string, logger: Logger): void {
  recordings
    .start(venue, symbol)
    .catch((error: unknown) => logger.error({ venue, symbol, error: String(error) }, 'not recorded'));
}
