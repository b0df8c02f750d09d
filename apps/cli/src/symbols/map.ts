import { tryParseSymbol } from '@speed-protocol/core';
import { type Across, AssetBook, type Match, SymbolDirectory } from '@speed-protocol/host';
import type { MapOptions } from '../commands/symbols.js';
import { type Console, note, printJson, write } from '../console.js';
import { ReportedFailure, UsageError } from '../failure.js';
import { allListings, type Listings, listingOf, requireComplete, sources } from './listings.js';
import { comparePrices } from './prices.js';
import { matchJson, matchTable, refusalJson, refusalTable } from './rows.js';

/** Prints the other name of one instrument of one venue. */
export async function mapOne(console: Console, venue: string, name: string, options: MapOptions): Promise<void> {
  if (options.as !== undefined || options.prices)
    throw new UsageError('--as and --prices are for a symbol across venues: leave out the venue');
  const found = new SymbolDirectory([await listingOf(console, venue, options)]).resolve(venue, name, options.kind);
  if (options.json) return printJson(console, found);
  await write(console, `${found.symbol === name ? found.venueSymbol : found.symbol}\n`);
}

/** Prints where the instrument of a unified symbol is traded; of other names, whose id it is. */
export async function mapAcross(console: Console, name: string, options: MapOptions): Promise<void> {
  const isSymbol = options.as !== undefined || tryParseSymbol(name) !== undefined;
  const loaded = await allListings(console, options, withAs(options));
  await (isSymbol ? sameEverywhere(console, name, options, loaded) : whoseId(console, name, options, loaded));
  requireComplete(loaded);
}

/** The venue whose meaning counts is asked too. */
function withAs({ venues, as }: MapOptions): readonly string[] | undefined {
  return venues === undefined || as === undefined || venues.includes(as) ? venues : [...venues, as];
}

async function sameEverywhere(console: Console, name: string, options: MapOptions, loaded: Listings): Promise<void> {
  const found = trading(loaded.directory.across(name, options.as), options);
  const across = options.prices ? await comparePrices(console, loaded.installed, found, options) : found;
  const { same, refused, missing } = across;
  if (options.json) {
    const json = { symbol: name, as: options.as ?? null, same: same.map(matchJson), refused: refused.map(refusalJson), missing };
    await printJson(console, { ...json, ...sources(loaded) });
  } else {
    await write(console, `${same.length > 0 ? matchTable(same) : ''}${refusalTable(refused)}`);
    if (missing.length > 0) note(console, `not on ${missing.join(', ')}`);
  }
  if (same.length === 0) nowhere(console, name, loaded);
}

/** Without what does not trade now, unless all is wished for. */
function trading({ same, refused, ...rest }: Across, { all, kind }: MapOptions): Across {
  const wanted = ({ instrument }: Match) =>
    (all || instrument.status === 'open') && (kind === undefined || instrument.kind === kind);
  return { ...rest, same: same.filter(wanted), refused: refused.filter(wanted) };
}

async function whoseId(console: Console, name: string, options: MapOptions, loaded: Listings): Promise<void> {
  const assets = new AssetBook(loaded.installed.config.assets);
  const found = loaded.directory.named(name).filter(({ kind }) => options.kind === undefined || kind === options.kind);
  const matches = found.map((instrument) => {
    const { coin, units } = assets.read(instrument.venue, instrument.base, instrument.venueSymbol);
    return { instrument, coin, units };
  });
  if (options.json) await printJson(console, { id: name, found: matches.map(matchJson), ...sources(loaded) });
  else if (matches.length > 0) await write(console, matchTable(matches));
  if (matches.length === 0) nowhere(console, name, loaded);
}

function nowhere(console: Console, name: string, { directory }: Listings): never {
  const near = directory.nearest(name);
  const hint = near === undefined || near === name ? '"speed symbols VENUE" lists what there is' : `did you mean "${near}"?`;
  note(console, `speed: none of ${directory.venues.join(', ')} trades "${name}"; ${hint}`);
  throw new ReportedFailure('nowhere');
}
