import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Instrument, NormalizedFrame } from '@speed-protocol/core';
import { SymbolDirectory } from '@speed-protocol/host';
import { describe, expect, it } from 'vitest';
import { readFrames, venueOf } from '../src/capture-file.js';
import { discoverPlugins } from '../src/index.js';

const beside = path.resolve(import.meta.dirname, '../../../../shared/captures');
const directory = path.resolve(process.env['SPEED_CAPTURES'] ?? beside);

describe.skipIf(!existsSync(directory))(
  'names in captured listings (needs a folder of captures: SPEED_CAPTURES=DIR, or ../shared/captures)',
  () => {
    it('of every instrument map to the other name and back to the same instrument', async () => {
      const listings = await capturedListings();
      const names = new SymbolDirectory([...listings].map(([venue, found]) => ({ venue, instruments: [...found.values()] })));
      let instruments = 0;
      for (const [venue, found] of listings) {
        for (const instrument of found.values()) {
          instruments++;
          const { symbol, venueSymbol, kind } = instrument;
          expect(names.resolve(venue, names.resolve(venue, symbol).venueSymbol, kind), symbol).toBe(instrument);
          expect(names.resolve(venue, names.resolve(venue, venueSymbol, kind).symbol), venueSymbol).toBe(instrument);
        }
      }
      expect(instruments).toBeGreaterThan(1_000);
    });
  },
);

/** The last word of each file on each symbol, of all kinds of captures: streams, documents, fixtures of others. */
async function capturedListings(): Promise<ReadonlyMap<string, ReadonlyMap<string, Instrument>>> {
  const plugins = await discoverPlugins();
  const listings = new Map<string, Map<string, Instrument>>();
  for (const file of readdirSync(directory).filter((name) => name.includes('.jsonl'))) {
    const venue = venueOf(file.split('.')[0] as string, plugins.venues);
    if (venue === undefined) continue;
    const normalizer = (await plugins.manifest(venue)).createNormalizer(venue);
    const found = listings.get(venue) ?? new Map<string, Instrument>();
    listings.set(venue, found);
    for (const [, frame] of readFrames(path.join(directory, file), '"transport":"rest"')) {
      for (const instrument of instrumentsOf(() => normalizer.normalize(frame))) found.set(instrument.symbol, instrument);
    }
  }
  return listings;
}

function instrumentsOf(run: () => NormalizedFrame): readonly Instrument[] {
  try {
    const frame = run();
    return frame.outcome === 'instruments' ? frame.instruments : [];
  } catch {
    // Only listings count here; the captures themselves are checked elsewhere.
    return [];
  }
}
