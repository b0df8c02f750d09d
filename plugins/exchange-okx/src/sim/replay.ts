import type { CaptureLine, ReplayEvent } from '@speed-protocol/simulator';

/** What captures call the venue, and the hosts that they were taken from. */
const NAME = /^okx(-\w+)?$/;
const HOST = /\/\/(?:[\w-]+\.)*ok(?:x|ex)\.com/;

/** Whole books with their changes; the books of some levels would cut them. */
const BOOKS = new Set(['books', 'books-l2-tbt']);
const TRADES = new Set(['trades', 'trades-all']);

type Row = readonly string[];

interface Message {
  readonly arg?: { readonly channel?: string; readonly instId?: string };
  readonly action?: string;
  readonly data?: readonly unknown[];
}

interface BookRow {
  readonly bids: readonly Row[];
  readonly asks: readonly Row[];
}

interface TradeRow {
  readonly px: string;
  readonly sz: string;
  readonly side: 'buy' | 'sell';
}

/** Books and trades of a captured connection. */
export function readFrame(line: CaptureLine): readonly ReplayEvent[] {
  if (line.dir !== 'in' || line.transport !== 'ws' || !line.raw.startsWith('{') || !isOurs(line)) return [];
  const { arg, action, data } = JSON.parse(line.raw) as Message;
  const { channel = '', instId } = arg ?? {};
  if (instId === undefined || !Array.isArray(data)) return [];
  const at = { venue: 'okx', venueSymbol: instId };
  if (BOOKS.has(channel)) return (data as BookRow[]).map((row) => ({ ...at, ...bookOf(row, action) }));
  if (TRADES.has(channel)) return (data as TradeRow[]).map((row) => ({ ...at, ...tradeOf(row, channel) }));
  return [];
}

function isOurs({ venue, url }: CaptureLine): boolean {
  return venue === undefined ? HOST.test(url ?? '') : NAME.test(venue);
}

function bookOf({ bids, asks }: BookRow, action: string | undefined) {
  const pairs = (rows: readonly Row[]) => rows.map(([price, size]) => [price, size] as [string, string]);
  const kind = action === 'snapshot' ? ('snapshot' as const) : ('levels' as const);
  return { kind, bids: pairs(bids), asks: pairs(asks), sequence: null };
}

/** `trades` takes those of one order together. */
function tradeOf({ px, sz, side }: TradeRow, channel: string) {
  return { kind: 'trade' as const, price: px, size: sz, side, aggregate: channel === 'trades' };
}
