import type { Instrument, RawFrame } from '@speed-protocol/core';
import type { Classified, TextReader } from '@speed-protocol/wire';
import { BODIES } from './body-rows.js';
import type { VenueId } from './config.js';
import { candleFromWire, intervalMs } from './formats.js';
import { instrumentsFromWire } from './symbols.js';
import type { WireCandle, WireExchangeInfo, WireFundingInfo } from './types.js';

const ROWS: Readonly<Record<string, { readonly keys: readonly string[]; readonly reader: TextReader }>> = BODIES;

type Json = Readonly<Record<string, unknown>>;

/** Paths that carry the same body as another. */
const ALIASES: Readonly<Record<string, string>> = { historicalTrades: 'trades', historicalBlockTrades: 'trades' };

/** What a REST body is: by the URL's path, or by its shape where the capture has none. */
export function classifyBody(venue: VenueId, message: unknown, rawFrame: RawFrame): Classified {
  const url = rawFrame.url === null ? undefined : new URL(rawFrame.url, 'http://capture');
  const path = url && (/^\/(?:api|fapi|dapi)\/v\d+\/(.+)$/.exec(url.pathname)?.[1] ?? url.pathname);
  const sample = Array.isArray(message) ? message[0] : message;
  if (isEmptyOrError(message) || path === 'time' || path === 'ping') return { kind: 'control' };
  const name = path === undefined ? nameByShape(sample) : (ALIASES[path] ?? path);
  if (name === 'exchangeInfo')
    return { kind: 'instruments', make: () => instrumentsFromWire(venue, message as WireExchangeInfo) };
  if (name === 'fundingInfo') return { kind: 'instruments', make: (known) => withIntervals(known, message as never) };
  if (name === 'klines') return classifyCandles(message, url, rawFrame);
  const row = Object.hasOwn(ROWS, name) ? ROWS[name] : undefined;
  if (!row) return { kind: 'unknown', topic: name };
  return { kind: 'pieces', reader: row.reader, pieces: [{ text: rawFrame.raw, venueSymbol: symbolOf(sample, url) }] };
}

function nameByShape(sample: unknown): string {
  if (typeof sample !== 'object' || sample === null) return 'body of no known shape';
  if ('symbols' in sample && 'rateLimits' in sample) return 'exchangeInfo';
  if ('fundingIntervalHours' in sample) return 'fundingInfo';
  // What belongs to an account says more than the market's own rows, and is not told apart by these keys.
  const names = Object.keys(ROWS).filter((name) => ROWS[name]!.keys.every((key) => key in sample));
  const isPrivate = 'commission' in sample || 'orderId' in sample;
  const name = names.length === 1 && !isPrivate ? names[0] : undefined;
  return name ?? (Array.isArray(sample) ? 'list of lists' : Object.keys(sample).slice(0, 12).join(','));
}

/** An empty object or list tells nothing; `{"code", "msg"}` is the venue's error. */
function isEmptyOrError(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const keys = Object.keys(message);
  return keys.length === 0 || ('code' in message && 'msg' in message) || (keys.length === 1 && keys[0] === 'serverTime');
}

function symbolOf(sample: unknown, url: URL | undefined): string {
  const sent = (sample as Json | null)?.['symbol'];
  return typeof sent === 'string' ? sent : (url?.searchParams.get('symbol') ?? '');
}

/** Adjusted intervals; the venue documents 8 h for perpetuals that are not listed. */
function withIntervals(known: readonly Instrument[], rows: readonly WireFundingInfo[]): readonly Instrument[] {
  const hours = new Map(rows.map((row) => [row.symbol, row.fundingIntervalHours]));
  return known
    .filter(({ kind }) => kind === 'perpetual')
    .map((instrument) => Object.freeze({ ...instrument, fundingIntervalHours: hours.get(instrument.venueSymbol) ?? 8 }));
}

const INTERVALS = ['1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w'];

/** Candles say neither symbol nor interval: the URL does, or for the interval their own length. */
function classifyCandles(message: unknown, url: URL | undefined, { ts }: RawFrame): Classified {
  const rows = message as readonly WireCandle[];
  const [openTime, , , , , , closeTime] = rows[0] ?? [];
  const length = Number(closeTime) - Number(openTime) + 1;
  const interval = url?.searchParams.get('interval') ?? INTERVALS.find((each) => intervalMs(each) === length);
  if (!interval) return { kind: 'unknown', topic: 'klines of an interval that neither URL nor body tells' };
  const venueSymbol = url?.searchParams.get('symbol') ?? '';
  const receivedAt = ts ?? 0;
  return {
    kind: 'events',
    make: (resolve) => {
      const { venue, symbol } = resolve(venueSymbol);
      const place = { venue, symbol, venueSymbol, receivedAt };
      // A candle with another after it is closed, whatever the clock says.
      return rows.map((row, i) =>
        candleFromWire(row, interval, i < rows.length - 1 ? Number.POSITIVE_INFINITY : receivedAt, place),
      );
    },
  };
}
