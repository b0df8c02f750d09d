import { accountEventToJson, eventToJson, type NormalizedFrame, type Normalizer } from '@speed-protocol/core';
import { parseEnvelope } from './envelope.js';
import type { Tally } from './tally.js';

/** Where results go. `write` resolves when the receiver wants more. */
export interface NormalizeOutput {
  write(text: string): Promise<void>;
  error(text: string): void;
}

/** Events are handed over in pieces of about this many characters. */
const PIECE = 1 << 16;

/**
 * Normalises lines of a capture: events to the output, one JSON per line; a bad line is reported with its number and
 * the reason, and the work goes on.
 */
export async function normalizeLines(
  batches: AsyncIterable<string[]>,
  normalizer: Normalizer,
  tally: Tally,
  output: NormalizeOutput,
  print: boolean,
): Promise<void> {
  let piece = '';
  for await (const lines of batches) {
    for (const line of lines) {
      const text = normalizeLine(line, normalizer, tally, output);
      if (print) piece += text;
      if (piece.length < PIECE) continue;
      await output.write(piece);
      piece = '';
    }
  }
  if (piece !== '') await output.write(piece);
}

/** The events of one line as text: encoded at once, because their levels are views that the next frame overwrites. */
function normalizeLine(line: string, normalizer: Normalizer, tally: Tally, output: NormalizeOutput): string {
  tally.lines++;
  if (line.trim() === '') return '';
  try {
    const frame = normalizer.normalize(parseEnvelope(line));
    tally.add(frame);
    return encode(frame);
  } catch (error) {
    tally.errors++;
    output.error(`line ${tally.lines}: ${(error as Error).message}`);
    return '';
  }
}

function encode(frame: NormalizedFrame): string {
  let text = '';
  if (frame.outcome === 'events') for (const event of frame.events) text += `${eventToJson(event)}\n`;
  else if (frame.outcome === 'private') for (const event of frame.events) text += `${accountEventToJson(event)}\n`;
  return text;
}
