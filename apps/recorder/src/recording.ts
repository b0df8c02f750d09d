import path from 'node:path';
import type { Clock, Logger, Persister } from '@speed-protocol/core';
import { locationScheme, silentLogger, systemClock } from '@speed-protocol/core';
import { Engine, EngineThread, HistoryWriter, type RowStore } from '@speed-protocol/history';
import type { Plugins } from '@speed-protocol/host';
import { claimEnvironment } from './environment.js';
import { Recorder, type RecorderOptions } from './recorder.js';
import { findPersister } from './store.js';

export interface RecordingOptions extends Pick<RecorderOptions, 'bookIntervalMs' | 'bookDepth'> {
  readonly plugins: Plugins;
  /** `./data`, `s3://bucket/prefix`. */
  readonly to: string;
  /** The store's settings. */
  readonly storeConfig?: object | undefined;
  /** Local folder of the log; default: `_spool` in a local store, `.speed-spool/...` here for others. */
  readonly spool?: string | undefined;
  /** What is recorded: `live`, `testnet`, `sim`; a store holds one. Absent: not looked at. */
  readonly environment?: string | undefined;
  /** Rows older than this many days are removed; default: never. */
  readonly keepDays?: number | undefined;
  readonly segmentMs?: number | undefined;
  readonly segmentBytes?: number | undefined;
  /** Default true: log and Parquet get a thread of their own. */
  readonly thread?: boolean | undefined;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
}

/** A recorder with everything under it: store, log, writer, and the housekeeping. */
export interface RunningRecording extends AsyncDisposable {
  readonly recorder: Recorder;
  readonly writer: HistoryWriter;
  readonly store: Persister;
  /** URL of the store's plugin, for a thread that opens it too. */
  readonly persister: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Opens the store and the log and finishes what a crash left. Add symbols to `recorder`; dispose to stop: what is in the log
 * goes into the store, as far as the store takes it.
 * @throws SpeedError when the store says that it never will work, or the log's folder cannot be used
 */
export async function startRecording(options: RecordingOptions): Promise<RunningRecording> {
  const { clock = systemClock, logger = silentLogger } = options;
  const { manifest, url } = await findPersister(options.plugins, options.to);
  const store = manifest.create(options.to, { config: options.storeConfig, logger, clock });
  if (options.environment !== undefined) await claimEnvironment(store, options.environment);
  const { segmentMs, segmentBytes } = options;
  const log = { spool: options.spool ?? spoolFor(options.to), segmentMs, segmentBytes };
  const rows: RowStore =
    options.thread === false
      ? await Engine.open({ ...log, store, clock, logger })
      : await EngineThread.open({ ...log, persister: url, location: options.to, config: options.storeConfig, logger });
  const writer = new HistoryWriter(rows, { clock });
  const recorder = new Recorder({ ...options, writer, store, clock });
  const stopMaintenance = maintain(writer, clock, logger, options.keepDays);
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    stopMaintenance();
    await recorder[Symbol.asyncDispose]();
    try {
      await writer.rollNow();
      await writer.maintain({ before: Number.POSITIVE_INFINITY });
    } catch (error) {
      logger.warn({ error: String(error) }, 'the log keeps what the store did not take; the next start moves it');
    }
    await writer.close();
    await store[Symbol.asyncDispose]();
  };
  return {
    recorder,
    writer,
    store,
    persister: url,
    [Symbol.asyncDispose]() {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** The folder of the log for a store. */
export function spoolFor(to: string): string {
  if (locationScheme(to) === 'file') return path.join(to.replace(/^file:\/\//, ''), '_spool');
  return path.resolve('.speed-spool', to.replace(/[^A-Za-z0-9.-]+/g, '_'));
}

/** Once a minute: hours that ended a while ago become one file each, old days go. */
function maintain(writer: HistoryWriter, clock: Clock, logger: Logger, keepDays: number | undefined): () => void {
  let cancel: () => void = () => {};
  const turn = async () => {
    const now = clock.now();
    const expireBefore = keepDays === undefined ? undefined : now - keepDays * DAY_MS;
    await writer
      .maintain({ before: now - 5 * MINUTE_MS, expireBefore })
      .catch((error: unknown) => logger.warn({ error: String(error) }, 'compaction has to wait for the store'));
    plan();
  };
  const plan = () => {
    cancel = clock.schedule(MINUTE_MS, () => void turn());
  };
  plan();
  return () => cancel();
}
