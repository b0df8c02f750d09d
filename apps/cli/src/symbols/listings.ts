import type { Instrument } from '@speed-protocol/core';
import { AssetBook, type Listing, ListingStore, loadListing, SymbolDirectory } from '@speed-protocol/host';
import type { SymbolsOptions } from '../commands/symbols.js';
import { type Console, note } from '../console.js';
import { ReportedFailure, UsageError } from '../failure.js';
import { connectVenue, findInstalled, findVenue, type Installed, venueConfig } from '../venues.js';

/** Listings of several venues, and those that could not be had. */
export interface Listings {
  readonly installed: Installed;
  readonly listings: readonly Listing[];
  readonly failed: readonly { readonly venue: string; readonly reason: string }[];
  readonly directory: SymbolDirectory;
}

const HOUR_MS = 3_600_000;
/** Venues that are asked at the same time. */
const AT_ONCE = 8;

/** The listing of one venue, which must be installed. */
export async function listingOf(console: Console, venue: string, options: SymbolsOptions): Promise<Listing> {
  const listing = await loadFrom(console, await findInstalled(options.config), venue, options);
  noteAges(console, [listing]);
  return listing;
}

/**
 * Listings of the wished venues, by default all that are installed. What could not be had is noted, and in `failed`.
 * @throws UsageError on a venue that no plugin has
 */
export async function allListings(console: Console, options: SymbolsOptions, only = options.venues): Promise<Listings> {
  const installed = await findInstalled(options.config);
  for (const venue of only ?? []) findVenue(installed.plugins, venue);
  const venues = only ?? installed.plugins.venues;
  if (venues.length === 0) throw new UsageError('no exchange plugin is installed: npm install @speed-protocol/exchange-NAME');
  if (options.origin !== undefined && venues.length > 1) {
    throw new UsageError(
      '--origin is the address of one venue: name it with --venues, or set the addresses in the configuration',
    );
  }
  const settled = await inTurns(venues, (venue) => loadFrom(console, installed, venue, options));
  console.signal.throwIfAborted();
  const listings = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = settled.flatMap((each, at) =>
    each.status === 'fulfilled' ? [] : [{ venue: venues[at]!, reason: (each.reason as Error).message }],
  );
  noteAges(console, listings);
  for (const { venue, reason } of failed) note(console, `missing: ${venue}: ${reason}`);
  return { installed, listings, failed, directory: new SymbolDirectory(listings, new AssetBook(installed.config.assets)) };
}

/** Ends the command with exit code 1 when not all venues have answered: scripts may trust 0 to mean the whole answer. */
export function requireComplete({ failed }: Listings): void {
  if (failed.length > 0) throw new ReportedFailure(`no listing of ${failed.map(({ venue }) => venue).join(', ')}`);
}

/** Age and source of the listings, for JSON. */
export function sources({ listings, failed }: Listings) {
  const had = listings.map(({ venue, fetchedAt, ageMs, stale, from, instruments, problem }) => {
    return { venue, fetchedAt, ageMs: Math.round(ageMs), stale, from, instruments: instruments.length, problem: problem ?? null };
  });
  return { listings: had, failed };
}

async function loadFrom(console: Console, installed: Installed, venue: string, options: SymbolsOptions): Promise<Listing> {
  const { environment, origin } = venueConfig(installed, venue, options) as { environment?: string; origin?: string };
  const fetch = async (): Promise<readonly Instrument[]> => {
    await using connector = await connectVenue(installed, venue, options, console.signal);
    return await connector.reference.instruments({ signal: console.signal });
  };
  // What was named on the command line is a simulator, gone tomorrow: nothing of it is kept.
  if (options.origin !== undefined) {
    findVenue(installed.plugins, venue);
    return { venue, instruments: await fetch(), fetchedAt: Date.now(), from: 'venue', ageMs: 0, stale: false };
  }
  findVenue(installed.plugins, venue);
  const { maxAge, offline } = options;
  return loadListing({ venue, environment, origin }, fetch, new ListingStore(), { maxAgeMs: maxAge * HOUR_MS, offline });
}

async function inTurns<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<PromiseSettledResult<R>[]> {
  const settled: PromiseSettledResult<R>[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    settled.push(...(await Promise.allSettled(items.slice(at, at + AT_ONCE).map(run))));
  }
  return settled;
}

/** What is too old is said loudly; what is merely kept, in one line. */
function noteAges(console: Console, listings: readonly Listing[]): void {
  const kept = listings.filter(({ from, stale }) => from === 'cache' && !stale);
  const ages = kept.map(({ venue, ageMs }) => `${venue} ${describeAge(ageMs)}`);
  if (ages.length > 0) note(console, `age of listings: ${ages.join(', ')}; "speed symbols sync" asks again`);
  for (const { venue, ageMs, stale, problem } of listings) {
    if (stale) note(console, `STALE: the listing of ${venue} is ${describeAge(ageMs)} old; ${problem}`);
    else if (problem !== undefined) note(console, `listing of ${venue}: ${problem}`);
  }
}

const UNITS = [
  [86_400_000, 'd'],
  [HOUR_MS, 'h'],
  [60_000, 'min'],
] as const;

/** `3 d`, `2 h`, `40 min`, `12 s` */
export function describeAge(ms: number): string {
  const [size, unit] = UNITS.find(([least]) => ms >= least) ?? [1_000, 's'];
  return `${Math.floor(ms / size)} ${unit}`;
}
