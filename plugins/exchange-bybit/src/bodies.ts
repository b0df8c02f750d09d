import type { RawFrame } from '@speed-protocol/core';
import type { Classified, TextReader } from '@speed-protocol/wire';
import { BODIES, candleBody, ORDERBOOK } from './body-rows.js';
import type { VenueId } from './config.js';
import { intervalFromWire } from './formats.js';
import { instrumentsFromWire } from './symbols.js';
import type { WireInstrument } from './types.js';

const ROWS: Readonly<Record<string, { readonly keys: readonly string[]; readonly reader: TextReader }>> = BODIES;

interface Body {
  readonly retCode?: unknown;
  readonly result?: unknown;
}

interface Result {
  readonly category?: string;
  readonly symbol?: string;
  readonly list?: unknown;
}

/** What a REST body is: by the URL's path, or by its keys where the capture has none. */
export function classifyBody(venue: VenueId, message: unknown, frame: RawFrame): Classified {
  const url = frame.url === null ? undefined : new URL(frame.url, 'http://capture');
  const { retCode, result } = (message ?? {}) as Body;
  if (retCode !== undefined && String(retCode) !== '0') return { kind: 'control' };
  const topic = url?.pathname.replace(/^\/v5\//, '');
  if (typeof result !== 'object' || result === null || Object.keys(result).length === 0) {
    return retCode === undefined ? { kind: 'unknown', topic: topic ?? 'body of no known shape' } : { kind: 'control' };
  }
  return classifyResult(venue, result, topic ?? nameByKeys(result), frame, url);
}

function classifyResult(venue: VenueId, result: Result, name: string, frame: RawFrame, url: URL | undefined): Classified {
  const product = result.category ?? url?.searchParams.get('category') ?? undefined;
  const { list } = result;
  if (name === 'market/time') return { kind: 'control' };
  if (name === 'market/orderbook') {
    return { kind: 'pieces', reader: ORDERBOOK, pieces: [{ text: frame.raw, venueSymbol: '', product }] };
  }
  if (name.endsWith('/instruments-info') && Array.isArray(list)) {
    return { kind: 'instruments', make: () => instrumentsFromWire(venue, list as readonly WireInstrument[]) };
  }
  const venueSymbol = result.symbol ?? url?.searchParams.get('symbol') ?? '';
  // Candles do not say their interval: the URL does.
  const interval = intervalFromWire(url?.searchParams.get('interval') ?? '');
  const reader = name === 'market/kline' ? candleBody(interval) : Object.hasOwn(ROWS, name) && ROWS[name]?.reader;
  if (!reader || !Array.isArray(list)) return { kind: 'unknown', topic: name };
  return { kind: 'pieces', reader, pieces: [{ text: frame.raw, venueSymbol, product }] };
}

function nameByKeys(result: Result): string {
  const { list } = result;
  if ('timeNano' in result) return 'market/time';
  if ('s' in result && 'b' in result && 'a' in result) return hasPairs(result.b) ? 'market/orderbook' : 'market/rpi_orderbook';
  const [sample] = Array.isArray(list) ? (list as readonly unknown[]) : [];
  if (Array.isArray(sample)) return sample.length === CANDLE_COLUMNS ? 'market/kline' : 'rows of prices';
  if (typeof sample !== 'object' || sample === null) return Object.keys(result).slice(0, 8).join(',');
  if ('priceFilter' in sample && 'lotSizeFilter' in sample) return 'market/instruments-info';
  const names = Object.keys(ROWS).filter((name) => ROWS[name]!.keys.every((key) => key in sample));
  return names.length === 1 ? names[0]! : Object.keys(sample).slice(0, 12).join(',');
}

/** Books with retail price improvement have a third column. */
function hasPairs(levels: unknown): boolean {
  return Array.isArray(levels) && levels.every((level) => Array.isArray(level) && level.length === 2);
}

/** Of candles of trades; those of mark, index and premium have fewer. */
const CANDLE_COLUMNS = 7;
