import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Instrument } from '@speed-protocol/core';

/** Whose listing: instruments of a test network are not those of the live one. */
export interface ListingKey {
  readonly venue: string;
  readonly environment?: string | undefined;
  /** Base address that the configuration sets, e.g. that of a simulator. */
  readonly origin?: string | undefined;
}

export interface StoredListing {
  /** ms since epoch. */
  readonly fetchedAt: number;
  readonly instruments: readonly Instrument[];
}

const FORMAT = 'speed-instruments-1';

/** `SPEED_CACHE`, else `speed` in the user's cache folder. */
export function defaultCacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env['SPEED_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'speed');
}

/** Listings on disk, one JSON file per venue and environment. A file that cannot be used is as good as none. */
export class ListingStore {
  constructor(readonly folder: string = join(defaultCacheFolder(), 'instruments')) {}

  fileOf({ venue, environment, origin }: ListingKey): string {
    const place = origin === undefined ? [] : [createHash('sha256').update(origin).digest('hex').slice(0, 8)];
    return join(this.folder, `${[venue, environment ?? 'default', ...place].map(encodeURIComponent).join('.')}.json`);
  }

  async read(key: ListingKey): Promise<StoredListing | undefined> {
    const text = await readFile(this.fileOf(key), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : parse(text, key.venue);
  }

  /** Whole or not at all: a reader never sees half a listing, and of two writers the later one wins. */
  async write({ venue, environment, origin }: ListingKey, { fetchedAt, instruments }: StoredListing): Promise<void> {
    const file = this.fileOf({ venue, environment, origin });
    await mkdir(dirname(file), { recursive: true });
    const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      await writeFile(temporary, JSON.stringify({ format: FORMAT, venue, environment, origin, fetchedAt, instruments }));
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

function parse(text: string, venue: string): StoredListing | undefined {
  let value: Partial<StoredListing & { format: string }>;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  const { format, fetchedAt, instruments } = value ?? {};
  if (format !== FORMAT || typeof fetchedAt !== 'number' || !Array.isArray(instruments)) return undefined;
  return instruments.every((each) => isInstrument(each, venue)) ? { fetchedAt, instruments } : undefined;
}

const TEXTS = ['symbol', 'venueSymbol', 'kind', 'status', 'base', 'quote', 'contractSize', 'tickSize', 'lotSize'] as const;

function isInstrument(value: unknown, venue: string): boolean {
  const instrument = value as Instrument | null;
  return instrument?.venue === venue && TEXTS.every((key) => typeof instrument[key] === 'string');
}
