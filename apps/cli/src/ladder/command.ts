import { once } from 'node:events';
import { type LiveBook, watchBook } from '@speed-protocol/book';
import { type Reference, SpeedError } from '@speed-protocol/core';
import type { BookOptions } from '../commands/book.js';
import { type Console, printJson, write } from '../console.js';
import { connectVenue, findInstalled } from '../venues.js';
import { renderLadder } from './render.js';
import { Screen } from './screen.js';
import { snapshotOf } from './snapshot.js';

/** Pictures per second on a terminal, and blocks of plain text elsewhere: ms between two. */
const FRAME_MS = 80;
const PLAIN_MS = 1000;

/** Watches one book and shows it until Ctrl-C, or once. */
export async function showBook(console: Console, venue: string, symbol: string, options: BookOptions): Promise<void> {
  const { signal } = console;
  await using connector = await connectVenue(await findInstalled(options.config), venue, options, signal);
  const { market } = connector;
  if (!market) throw new SpeedError('unsupported', `${venue} has no market data`, { venue });
  const { reference } = connector;
  const unified = await unifiedSymbol(reference, symbol, signal);
  await using book = await watchBook({ venue, reference, market }, unified, undefined, {
    signal,
    maxAgeMs: options.maxAge * 1000,
  });
  // Awaited here: returned unawaited, the book would be closed before it was shown.
  if (options.once) await printOnce(console, book, options);
  else if (console.stdout.isTTY && !options.json) await showScreen(console, book, options);
  else await printRepeatedly(console, book, options);
}

/** A venue's own id is understood too; anything else is left for the connector to judge. */
async function unifiedSymbol(reference: Reference, symbol: string, signal: AbortSignal): Promise<string> {
  const instruments = await reference.instruments({ signal });
  if (instruments.some((each) => each.symbol === symbol)) return symbol;
  return instruments.find((each) => each.venueSymbol === symbol)?.symbol ?? symbol;
}

async function printOnce(console: Console, book: LiveBook, options: BookOptions): Promise<void> {
  const deadline = AbortSignal.timeout(options.timeout * 1000);
  try {
    await book.whenLive({ signal: AbortSignal.any([console.signal, deadline]) });
  } catch (error) {
    if (!deadline.aborted) throw error;
    const message = `the book of ${book.venue} ${book.symbol} is ${book.status().state} after ${options.timeout} s; wait longer with --timeout`;
    throw new SpeedError('timeout', message, { venue: book.venue, cause: error });
  }
  await print(console, book, options);
}

async function print(console: Console, book: LiveBook, { depth, json }: BookOptions): Promise<void> {
  const snapshot = snapshotOf(book, depth);
  if (json) return printJson(console, snapshot);
  await write(console, `${renderLadder(snapshot, book.instrument, { colour: false, columns: 80 }).join('\n')}\n`);
}

async function printRepeatedly(console: Console, book: LiveBook, options: BookOptions): Promise<void> {
  await repeat(console, PLAIN_MS, async () => {
    await print(console, book, options);
    if (!options.json) await write(console, '\n');
  });
}

async function showScreen(console: Console, book: LiveBook, { depth }: BookOptions): Promise<void> {
  using screen = new Screen(console);
  const colour = process.env['NO_COLOR'] === undefined || process.env['NO_COLOR'] === '';
  await repeat(console, FRAME_MS, async () => {
    screen.draw(renderLadder(snapshotOf(book, depth), book.instrument, { colour, columns: screen.columns }));
  });
}

/** Runs `step` at once and then every `ms`, until Ctrl-C. */
async function repeat({ signal }: Console, ms: number, step: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await step();
    const timer = new AbortController();
    await Promise.race([
      new Promise((resolve) => setTimeout(resolve, ms)),
      once(signal, 'abort', { signal: timer.signal }).catch(() => undefined),
    ]);
    timer.abort();
  }
}
