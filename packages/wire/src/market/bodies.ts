import type { AccountEvent, Instrument, RawFrame } from '@speed-protocol/core';
import type { PrivatePlace } from '../account/private-stream.js';
import { asRow, type Row } from '../exchange/rows.js';
import type { Piece, TextReader } from './collector.js';
import type { Classified } from './normalizer.js';

/** How a body is known where a capture has no URL: by keys that no other has together, or by looking at it. */
type Likeness = readonly string[] | ((sample: unknown) => boolean);

/** What a body tells, and what reads it. */
type BodyMeaning =
  | { readonly reader: TextReader }
  /** What reads it depends on what was asked, e.g. on the interval of candles. */
  | { readonly readerOf: (asked: URLSearchParams, opened: Opened) => TextReader | undefined }
  | { readonly instruments: (content: never, venue: string, known: readonly Instrument[]) => readonly Instrument[] }
  | { readonly account: (content: never, place: PrivatePlace) => readonly AccountEvent[] }
  /** It tells no event. */
  | { readonly control: true };

/** A REST body as captures hold it. */
export type BodyRow = { readonly like: Likeness } & BodyMeaning;

/** What is inside an envelope. */
export interface Opened {
  readonly content: unknown;
  /** The content, or the first of its rows. */
  readonly sample: unknown;
}

/** The REST bodies of a venue. */
export interface BodyTable {
  /** Begins the path of a URL, e.g. `/api/v5/`. */
  readonly prefix: RegExp;
  /** Ends it where it says no more than how was asked, e.g. `_by_currency`. */
  readonly suffix?: RegExp;
  /** `control` for an error and for an empty answer; `unknown` for what is not the venue's envelope. */
  open(message: unknown): Opened | 'control' | 'unknown';
  /** By the path between prefix and suffix. */
  readonly rows: Readonly<Record<string, BodyRow>>;
  /** Paths that carry the same body as another. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** The instrument that a body is about, where it does not say so row by row. */
  about(opened: Opened, asked: URLSearchParams): Omit<Piece, 'text'>;
}

/** How an envelope tells refusals from contents. */
interface EnvelopeRules {
  isRefusal(message: Row): boolean;
  /** `undefined`: not the venue's envelope; an empty list: nothing to tell. */
  contentOf(message: Row): unknown;
  /** By what contents are told apart; absent: themselves, or the first of their rows. */
  readonly sampleOf?: (content: Row) => unknown;
}

/** Opens the envelope of a venue's bodies. */
export function openedBy({ isRefusal, contentOf, sampleOf }: EnvelopeRules): BodyTable['open'] {
  return (message) => {
    const row = asRow(message);
    if (isRefusal(row)) return 'control';
    const content = contentOf(row);
    if (content === undefined) return 'unknown';
    if (Array.isArray(content)) return content.length === 0 ? 'control' : { content, sample: content[0] };
    return { content, sample: sampleOf ? sampleOf(content as Row) : content };
  };
}

/** What a REST body is: by the URL's path, or by its keys where the capture has none. */
export function classifyBody(table: BodyTable, venue: string, message: unknown, frame: RawFrame): Classified {
  const url = frame.url === null ? undefined : new URL(frame.url, 'http://capture');
  const path = url?.pathname.replace(table.prefix, '');
  const opened = table.open(message);
  if (opened === 'control') return { kind: 'control' };
  if (opened === 'unknown') return { kind: 'unknown', topic: path ?? 'body of no known shape' };
  const name = path === undefined ? nameByLikeness(table.rows, opened.sample) : nameOfPath(table, path);
  const row = Object.hasOwn(table.rows, name) ? table.rows[name] : undefined;
  return (row && meaningOf(row, opened, venue, table, url, frame)) ?? { kind: 'unknown', topic: name };
}

function nameOfPath({ suffix, aliases = {} }: BodyTable, path: string): string {
  const name = suffix ? path.replace(suffix, '') : path;
  return Object.hasOwn(aliases, name) ? aliases[name]! : name;
}

function meaningOf(
  row: BodyRow,
  opened: Opened,
  venue: string,
  table: BodyTable,
  url: URL | undefined,
  { raw: text }: RawFrame,
): Classified | undefined {
  const content = opened.content as never;
  if ('control' in row) return { kind: 'control' };
  if ('instruments' in row) return { kind: 'instruments', make: (known) => row.instruments(content, venue, known) };
  if ('account' in row) return { kind: 'private', make: (place) => row.account(content, place) };
  const asked = url?.searchParams ?? new URLSearchParams();
  const reader = 'reader' in row ? row.reader : row.readerOf(asked, opened);
  return reader && { kind: 'pieces', reader, pieces: [{ text, ...table.about(opened, asked) }] };
}

/** The row that knows most of its keys; what two rows know alike is neither. */
function nameByLikeness(rows: BodyTable['rows'], sample: unknown): string {
  const found = Object.entries(rows)
    .filter(([, { like }]) => isLike(like, sample))
    .map(([name, { like }]) => ({ name, weight: typeof like === 'function' ? Number.POSITIVE_INFINITY : like.length }))
    .sort((a, b) => b.weight - a.weight);
  const [best, second] = found;
  if (best && best.weight !== second?.weight) return best.name;
  if (Array.isArray(sample)) return 'rows without names';
  return isObject(sample) ? Object.keys(sample).slice(0, 12).join(',') : `body ${JSON.stringify(sample)}`;
}

function isLike(like: Likeness, sample: unknown): boolean {
  if (typeof like === 'function') return like(sample);
  return like.length > 0 && isObject(sample) && like.every((key) => key in sample);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
