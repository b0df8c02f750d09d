import type { Instrument } from '@speed-protocol/core';
import { type Listing, ListingStore } from '@speed-protocol/host';
import type { SymbolsOptions } from '../commands/symbols.js';
import { type Console, printJson, table, write } from '../console.js';
import { ReportedFailure, UsageError } from '../failure.js';
import { findInstalled, venueConfig } from '../venues.js';
import { allListings, describeAge } from './listings.js';

interface Change {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** Asks every venue for its listing, keeps it, and prints what is new. */
export async function sync(console: Console, named: readonly string[], options: SymbolsOptions): Promise<void> {
  if (options.origin !== undefined || options.offline) {
    throw new UsageError('sync asks the configured venues and keeps their listings: leave out --origin and --offline');
  }
  const venues = named.length > 0 ? named : options.venues;
  const before = await keptListings(options);
  const loaded = await allListings(console, { ...options, maxAge: 0 }, venues);
  const rows = loaded.listings.map((listing) => ({ listing, change: changeOf(before.get(listing.venue), listing.instruments) }));
  if (options.json) await printJson(console, rows.map(json));
  else await write(console, table(HEADER, rows.map(cells)));
  const bad = [...loaded.failed, ...loaded.listings.filter(({ from, problem }) => from === 'cache' || problem !== undefined)];
  if (bad.length > 0) throw new ReportedFailure(`not synced: ${bad.map(({ venue }) => venue).join(', ')}`);
}

const HEADER = ['VENUE', 'INSTRUMENTS', 'OPEN', 'ADDED', 'REMOVED', 'CHANGED', 'STATE'];

interface Row {
  readonly listing: Listing;
  readonly change: Change | null;
}

function cells({ listing: { venue, instruments, from, ageMs }, change }: Row): string[] {
  const counts = change ? [change.added, change.removed, change.changed].map(({ length }) => String(length)) : ['-', '-', '-'];
  const open = instruments.filter(({ status }) => status === 'open').length;
  const state = from === 'venue' ? 'fresh' : `stale, ${describeAge(ageMs)} old`;
  return [venue, String(instruments.length), String(open), ...counts, state];
}

function json({ listing: { venue, instruments, fetchedAt, from, stale, ageMs, problem }, change }: Row): object {
  const age = { fetchedAt, ageMs: Math.round(ageMs), stale, from, problem: problem ?? null };
  return { venue, instruments: instruments.length, ...age, change };
}

async function keptListings(options: SymbolsOptions): Promise<Map<string, readonly Instrument[]>> {
  const installed = await findInstalled(options.config);
  const store = new ListingStore();
  const kept = new Map<string, readonly Instrument[]>();
  for (const venue of installed.plugins.venues) {
    const { environment, origin } = venueConfig(installed, venue, options) as { environment?: string; origin?: string };
    const listing = await store.read({ venue, environment, origin });
    if (listing) kept.set(venue, listing.instruments);
  }
  return kept;
}

/** By unified symbol; `null` when there was nothing to compare with. */
function changeOf(before: readonly Instrument[] | undefined, after: readonly Instrument[]): Change | null {
  if (!before) return null;
  const old = new Map(before.map((each) => [each.symbol, JSON.stringify(each)]));
  const now = new Map(after.map((each) => [each.symbol, JSON.stringify(each)]));
  return {
    added: [...now.keys()].filter((symbol) => !old.has(symbol)),
    removed: [...old.keys()].filter((symbol) => !now.has(symbol)),
    changed: [...now].filter(([symbol, text]) => old.has(symbol) && old.get(symbol) !== text).map(([symbol]) => symbol),
  };
}
