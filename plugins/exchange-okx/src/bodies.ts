import type { RawFrame } from '@speed-protocol/core';
import type { Classified, TextReader } from '@speed-protocol/wire';
import { BODIES } from './body-rows.js';
import { instrumentsFromWire } from './symbols.js';
import type { WireInstrument } from './types.js';
import { readerOfChannel } from './websocket/channels.js';

interface Body {
  readonly code?: unknown;
  readonly data?: unknown;
}

const ROWS: Readonly<Record<string, { readonly keys: readonly string[]; readonly reader: TextReader }>> = BODIES;

/** Paths that carry the same body as another. */
const ALIASES: Readonly<Record<string, string>> = {
  'market/books-full': 'market/books',
  'market/history-trades': 'market/trades',
  'market/tickers': 'market/ticker',
  'market/history-candles': 'market/candles',
};

/** What a REST body is: by the URL's path, or by the keys of its rows where the capture has none. */
export function classifyBody(venue: string, message: unknown, frame: RawFrame): Classified {
  const url = frame.url === null ? undefined : new URL(frame.url, 'http://capture');
  const path = url && (/^\/api\/v5\/(.+)$/.exec(url.pathname)?.[1] ?? url.pathname);
  const { code, data } = (message ?? {}) as Body;
  if (path === 'public/time' || (code !== undefined && String(code) !== '0')) return { kind: 'control' };
  if (!Array.isArray(data)) return { kind: 'unknown', topic: path ?? 'body of no known shape' };
  if (data.length === 0) return { kind: 'control' };
  const name = path === undefined ? nameByKeys(data[0]) : (ALIASES[path] ?? path);
  if (name === 'public/instruments') {
    return { kind: 'instruments', make: () => instrumentsFromWire(venue, data as readonly WireInstrument[]) };
  }
  // Candles say neither instrument nor interval: the URL does.
  const bar = url?.searchParams.get('bar') ?? '1m';
  const reader = name === 'market/candles' ? readerOfChannel(`candle${bar}`) : Object.hasOwn(ROWS, name) && ROWS[name]?.reader;
  if (!reader) return { kind: 'unknown', topic: name };
  return { kind: 'pieces', reader, pieces: [{ text: frame.raw, venueSymbol: url?.searchParams.get('instId') ?? '' }] };
}

function nameByKeys(sample: unknown): string {
  if (typeof sample !== 'object' || sample === null || Array.isArray(sample)) return 'rows of no known shape';
  if ('ctValCcy' in sample && 'instId' in sample) return 'public/instruments';
  const names = Object.keys(ROWS).filter((name) => ROWS[name]!.keys.every((key) => key in sample));
  return names.length === 1 ? names[0]! : Object.keys(sample).slice(0, 12).join(',');
}
