import { existsSync } from 'node:fs';
import { type Persister, SpeedError } from '@speed-protocol/core';
import { Engine, type VerifyReport, verify } from '@speed-protocol/history';
import { spoolFor } from '@speed-protocol/recorder';
import type { VerifyOptions } from '../commands/verify.js';
import { type Console, note, printJson, table, write } from '../console.js';
import { ReportedFailure } from '../failure.js';
import { selectionOf, storeAt } from './store.js';

/** Proves a recording and says what it found. */
export async function verifyRecording(console: Console, location: string, options: VerifyOptions): Promise<void> {
  const selection = selectionOf(options);
  await using store = await storeAt(location, options.config);
  if (options.recover) await finishLog(console, store, spoolFor(location));
  const report = await verify(store, {
    ...selection,
    signal: console.signal,
    onProgress: (done, of) => {
      if (console.stderr.isTTY) console.stderr.write(`\r\u001b[2K${done} of ${of} files`);
    },
  });
  if (console.stderr.isTTY) console.stderr.write('\r\u001b[2K');
  if (report.files === 0 && report.problems.length === 0) {
    throw new SpeedError('not-found', `${store.location} holds no recording; "speed record --to ${location}" makes one`);
  }
  if (options.json) await printJson(console, report);
  else await write(console, describe(report));
  if (!report.ok) throw new ReportedFailure('the recording is not sound');
}

/** Moves what a crashed recorder left in its log into the store. */
async function finishLog(console: Console, store: Persister, spool: string): Promise<void> {
  if (!existsSync(spool)) return;
  try {
    const engine = await Engine.open({ store, spool });
    try {
      await engine.rollNow();
      await engine.maintain({ before: 0 });
    } finally {
      await engine.close(false);
    }
    if (engine.status.rows > 0)
      note(console, `${engine.status.rows} rows were still in the log of a recorder that crashed; they are in files now`);
  } catch (error) {
    if (!SpeedError.is(error, 'unavailable')) throw error;
    note(console, `the log is left alone: ${error.message}`);
  }
}

function describe({ ok, files, rows, bytes, streams, gaps, problems }: VerifyReport): string {
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  const lines = [`${rows} rows in ${files} files (${size}) of ${streams} streams`];
  if (gaps.length > 0) {
    const header = ['DATASET', 'VENUE', 'SYMBOL', 'REASON', 'FROM', 'UNTIL', 'MISSED'];
    lines.push(
      table(
        header,
        gaps.map((gap) => [
          gap.dataset,
          gap.venue,
          gap.symbol ?? '',
          gap.reason,
          time(gap.from),
          time(gap.until),
          `${gap.missed ?? '?'}`,
        ]),
      ),
    );
  }
  for (const { kind, where, message } of problems) lines.push(`${kind}: ${where} ${message}`);
  const verdict = gaps.length === 0 ? 'no gap' : `exactly the ${gaps.length} gap${gaps.length === 1 ? '' : 's'} above`;
  lines.push(ok ? `sound: ${verdict}` : `NOT sound: ${problems.length} problem${problems.length === 1 ? '' : 's'}`);
  return `${lines.join('\n')}\n`;
}

const time = (ms: number | null) => (ms === null ? '-' : new Date(ms).toISOString());
