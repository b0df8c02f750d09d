import { type Connector, nearest, SpeedError } from '@speed-protocol/core';
import { type RunningRecording, startRecording } from '@speed-protocol/recorder';
import type { RecordOptions } from '../commands/record.js';
import { type Console, note, printJson, write } from '../console.js';
import { ReportedFailure } from '../failure.js';
import { textLogger } from '../running/log.js';
import { connectVenue, findInstalled, venueConfig } from '../venues.js';
import { type Progress, progressOf, renderProgress } from './progress.js';
import { environmentOf } from './recordings.js';
import { datasetsOf } from './store.js';

const PROGRESS_MS = 1000;
/** A disk that stays full this long ends the recording. */
const FULL_MS = 30_000;

/** Records until Ctrl-C, the given duration, or a disk that stays full. */
export async function record(console: Console, options: RecordOptions): Promise<void> {
  const datasets = datasetsOf(options.datasets);
  const installed = await findInstalled(options.config);
  const logger = textLogger((text) => note(console, text));
  await using recording = await startRecording({
    plugins: installed.plugins,
    to: options.to,
    spool: options.spool,
    bookIntervalMs: options.interval,
    bookDepth: options.depth,
    keepDays: options.keepDays,
    environment: environmentOf(options.venues.map((venue) => venueConfig(installed, venue, options))),
    segmentMs: options.segmentSeconds * 1000,
    logger,
    // The thread's own module exists only in the build.
    thread: !process.execArgv.includes('--conditions=@speed/source'),
  });
  await using venues = new OpenConnectors();
  for (const venue of options.venues) venues.list.push(await connectVenue(installed, venue, options, console.signal));
  const placed = await placeSymbols(venues.list, options.symbols, console.signal);
  for (const { connector, symbol } of placed)
    await recording.recorder.add(connector, symbol, datasets, { signal: console.signal });
  const count = `${placed.length} symbol${placed.length === 1 ? '' : 's'}`;
  if (!options.json)
    note(console, `recording ${count} of ${options.venues.join(', ')} to ${recording.store.location}; Ctrl-C ends it`);
  const failure = await watch(console, recording, options);
  await recording[Symbol.asyncDispose]();
  await print(console, options, progressOf(recording, 0, undefined), true);
  if (failure !== undefined) {
    note(console, `speed: ${failure}`);
    throw new ReportedFailure(failure);
  }
}

class OpenConnectors implements AsyncDisposable {
  readonly list: Connector[] = [];

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.list.map((connector) => connector[Symbol.asyncDispose]()));
  }
}

/** Each symbol at every venue that has it. @throws SpeedError `not-found` for one that no venue has */
async function placeSymbols(venues: readonly Connector[], symbols: readonly string[], signal: AbortSignal) {
  const placed: { connector: Connector; symbol: string }[] = [];
  const known = new Set<string>();
  for (const connector of venues) {
    const listed = (await connector.reference.instruments({ signal })).map(({ symbol }) => symbol);
    for (const symbol of listed) known.add(symbol);
    for (const symbol of symbols) if (listed.includes(symbol)) placed.push({ connector, symbol });
  }
  const missing = symbols.find((symbol) => !placed.some((each) => each.symbol === symbol));
  if (missing === undefined) return placed;
  const hint = nearest(missing, known);
  const names = venues.map(({ venue }) => venue).join(', ');
  throw new SpeedError('not-found', `none of ${names} has ${missing}${hint ? `; did you mean ${hint}?` : ''}`);
}

/** Shows progress until it is time to stop; resolves to what went wrong, if anything. */
async function watch(console: Console, recording: RunningRecording, options: RecordOptions): Promise<string | undefined> {
  const until = options.duration === undefined ? Number.POSITIVE_INFINITY : performance.now() + options.duration * 1000;
  let previous: Progress | undefined;
  let fullSince: number | undefined;
  while (!console.signal.aborted && performance.now() < until) {
    await pause(Math.min(PROGRESS_MS, until - performance.now()), console.signal);
    const progress = progressOf(recording, PROGRESS_MS, previous);
    await print(console, options, progress, false);
    previous = progress;
    if (progress.state === 'failed') return progress.problem ?? 'the log cannot be written';
    fullSince = progress.state === 'full' ? (fullSince ?? performance.now()) : undefined;
    if (fullSince !== undefined && performance.now() - fullSince >= FULL_MS) return `stopped: ${progress.problem}`;
  }
  return undefined;
}

async function print(console: Console, { json }: RecordOptions, progress: Progress, last: boolean): Promise<void> {
  if (json) return printJson(console, { ...progress, done: last });
  const text = renderProgress(progress);
  if (console.stdout.isTTY && !last) await write(console, `\r\u001b[2K${text}`);
  else await write(console, `${console.stdout.isTTY ? '\r\u001b[2K' : ''}${text}\n`);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
