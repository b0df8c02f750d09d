import { access } from 'node:fs/promises';
import type { Instrument } from '@speed-protocol/core';
import type { NormalizeOptions } from '../commands/normalize.js';
import { type Console, note, printable, printJson, write } from '../console.js';
import { ReportedFailure, UsageError } from '../failure.js';
import { findInstalled, requireVenue } from '../venues.js';
import { readInstruments } from './instruments.js';
import { openInput, readLines } from './lines.js';
import { normalizeLines } from './run.js';
import { Tally } from './tally.js';

/** Reads the capture and prints its events, or the counts. */
export async function normalize(console: Console, file: string, options: NormalizeOptions): Promise<void> {
  const { plugins } = await findInstalled();
  const manifest = await requireVenue(plugins, options.venue);
  for (const path of [file, options.instruments]) await assertReadable(path);
  const instruments: readonly Instrument[] | undefined =
    options.instruments === undefined ? undefined : await readInstruments(manifest, options.venue, options.instruments);
  const normalizer = manifest.createNormalizer(options.venue, { instruments });
  const tally = new Tally();
  const output = { write: (text: string) => write(console, text), error: (text: string) => note(console, printable(text)) };
  await normalizeLines(readLines(openInput(file, console.stdin)), normalizer, tally, output, options.summary !== true);
  if (options.summary) await printJson(console, tally);
  else noteUnknown(console, tally);
  if (tally.errors > 0) {
    note(console, `speed: ${tally.errors} of ${tally.lines} lines could not be normalised`);
    throw new ReportedFailure();
  }
}

/** Frames that gave nothing are no errors, but whoever reads the events should know. */
function noteUnknown(console: Console, { frames, unknownTopics }: Tally): void {
  if (frames.unknown === 0) return;
  const topics = [...unknownTopics.keys()].slice(0, 5).map(printable).join(', ');
  note(console, `note: ${frames.unknown} frames are of kinds that this plugin does not know (${topics}); --summary counts them`);
}

async function assertReadable(file: string | undefined): Promise<void> {
  if (file === undefined || file === '-') return;
  await access(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read ${file}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`);
  });
}
