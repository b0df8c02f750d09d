import { readFile } from 'node:fs/promises';
import { type ExchangeManifest, type Instrument, SpeedError } from '@speed-protocol/core';
import { parseEnvelope } from './envelope.js';
import { openInput, readLines } from './lines.js';

/**
 * Instruments of a file: a JSON array of them, one per line, or a capture with instrument frames.
 * @throws SpeedError `config` naming the file and what was expected
 */
export async function readInstruments(manifest: ExchangeManifest, venue: string, file: string): Promise<readonly Instrument[]> {
  const whole = await readWhole(file);
  const found = whole ?? (await readByLine(manifest, venue, file));
  if (found.length > 0) return found;
  throw new SpeedError(
    'config',
    `${file} has no instruments; expected what "speed symbols ${venue} --json" prints, or a capture`,
  );
}

/** The file as one JSON array; `undefined` when it is something else. */
async function readWhole(file: string): Promise<readonly Instrument[] | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Array.isArray(value) ? value.filter(isInstrument) : undefined;
  } catch {
    return undefined;
  }
}

async function readByLine(manifest: ExchangeManifest, venue: string, file: string): Promise<readonly Instrument[]> {
  const normalizer = manifest.createNormalizer(venue);
  const found: Instrument[] = [];
  for await (const lines of readLines(openInput(file, process.stdin))) {
    for (const line of lines) {
      if (line.trim() === '') continue;
      const value = tryParse(line);
      if (isInstrument(value)) found.push(value);
      else found.push(...instrumentsOf(() => normalizer.normalize(parseEnvelope(line))));
    }
  }
  return found;
}

function instrumentsOf(
  run: () => ReturnType<ReturnType<ExchangeManifest['createNormalizer']>['normalize']>,
): readonly Instrument[] {
  try {
    const frame = run();
    return frame.outcome === 'instruments' ? frame.instruments : [];
  } catch {
    // Other frames of the capture may be anything: only listings count here.
    return [];
  }
}

function tryParse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isInstrument(value: unknown): value is Instrument {
  const instrument = value as Partial<Instrument> | null | undefined;
  return (
    typeof instrument?.symbol === 'string' && typeof instrument.venueSymbol === 'string' && typeof instrument.kind === 'string'
  );
}
