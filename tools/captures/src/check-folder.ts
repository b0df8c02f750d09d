import type { ExchangeManifest, Instrument } from '@speed-protocol/core';
import type { Plugins } from '@speed-protocol/host';
import { type CaptureFile, listCaptures, venueOf } from './capture-file.js';
import { type CaptureReport, checkCapture, instrumentsOf } from './check-capture.js';
import { type Comparison, compareWithDerived } from './expected.js';

export interface FolderReport {
  readonly directory: string;
  readonly captures: readonly CaptureReport[];
  /** Captures of venues for which no plugin is installed. */
  readonly withoutPlugin: readonly string[];
  readonly derived: Comparison;
  readonly totals: Totals;
  /** Single frames of peers' tests: recognised, of a kind that is listed as unknown, or refused with a reason: some are malformed. */
  readonly fixtures: FixtureTotals;
  /** Something was checked: no error, no gap, no disagreeing quote or checksum, no figure that differs. */
  readonly ok: boolean;
}

export interface Totals {
  readonly captures: number;
  readonly lines: number;
  readonly errors: number;
  readonly unknown: number;
  readonly gaps: number;
  readonly crossed: number;
  readonly books: number;
  readonly applied: number;
  readonly compared: number;
  readonly agree: number;
  readonly checksums: number;
  readonly checksumsAgree: number;
}

export interface FixtureTotals {
  readonly files: number;
  readonly frames: number;
  readonly recognised: number;
  readonly unknown: number;
  readonly refused: number;
}

type Job = readonly [file: CaptureFile, manifest: ExchangeManifest, venue: string];

export interface FolderOptions {
  /** Which captures, by name; default all. */
  readonly only?: (name: string) => boolean;
  readonly onReport?: (report: CaptureReport) => void;
}

/** Checks every capture and fixture of a folder for which a plugin is installed. */
export async function checkFolder(directory: string, plugins: Plugins, options: FolderOptions = {}): Promise<FolderReport> {
  const jobs: Job[] = [];
  const withoutPlugin: string[] = [];
  for (const file of listCaptures(directory)) {
    if (options.only && !options.only(file.name)) continue;
    const venue = venueOf(file.product, plugins.venues);
    if (venue === undefined) withoutPlugin.push(file.name);
    else jobs.push([file, await plugins.manifest(venue), venue]);
  }
  const listings = listingsOf(jobs);
  const captures = jobs.map(([file, manifest, venue]) => {
    const report = checkCapture(file, manifest, venue, listings.get(venue) ?? []);
    options.onReport?.(report);
    return report;
  });
  const derived = compareWithDerived(directory, captures);
  const totals = totalsOf(captures.filter((capture) => capture.class === 'wire'));
  const fixtures = fixtureTotals(captures.filter((capture) => capture.class === 'fixture'));
  return { directory, captures, withoutPlugin, derived, totals, fixtures, ok: isOk(totals, fixtures, derived) };
}

/** All instruments that the captures of a venue list between them. */
function listingsOf(jobs: readonly Job[]): Map<string, Instrument[]> {
  const listings = new Map<string, Instrument[]>();
  for (const [file, manifest, venue] of jobs) {
    listings.set(venue, [...(listings.get(venue) ?? []), ...instrumentsOf(file, manifest, venue)]);
  }
  return listings;
}

const sum = <T>(rows: readonly T[], of: (row: T) => number) => rows.reduce((total, row) => total + of(row), 0);

function fixtureTotals(captures: readonly CaptureReport[]): FixtureTotals {
  const frames = sum(captures, ({ lines }) => lines);
  const unknown = sum(captures, ({ outcomes }) => outcomes['unknown'] ?? 0);
  const refused = sum(captures, ({ errors }) => errors);
  return { files: captures.length, frames, recognised: frames - unknown - refused, unknown, refused };
}

function totalsOf(captures: readonly CaptureReport[]): Totals {
  const books = captures.flatMap((capture) => capture.books);
  return {
    captures: captures.length,
    lines: sum(captures, ({ lines }) => lines),
    errors: sum(captures, ({ errors }) => errors),
    unknown: sum(captures, ({ outcomes }) => outcomes['unknown'] ?? 0),
    gaps: sum(books, ({ gaps }) => gaps),
    crossed: sum(books, ({ crossed }) => crossed),
    books: books.filter(({ problem }) => problem === null).length,
    applied: sum(books, ({ applied }) => applied),
    compared: sum(books, ({ compared }) => compared),
    agree: sum(books, ({ agree }) => agree),
    checksums: sum(books, ({ checksums }) => checksums),
    checksumsAgree: sum(books, ({ checksumsAgree }) => checksumsAgree),
  };
}

function isOk(totals: Totals, fixtures: FixtureTotals, derived: Comparison): boolean {
  return (
    totals.captures + fixtures.files > 0 &&
    totals.errors === 0 &&
    totals.gaps === 0 &&
    totals.agree === totals.compared &&
    totals.checksumsAgree === totals.checksums &&
    derived.mismatches.length === 0
  );
}
