import { READERS } from '@speed-protocol/exchange-okx/readers';
import type { Kind } from '../types.js';
import type { Message, Venue } from './venue.js';

const KINDS: Readonly<Record<string, Kind>> = {
  books: 'depth',
  'books-l2-tbt': 'depth',
  'trades-all': 'trade',
  'bbo-tbt': 'quote',
};

interface Argument {
  readonly channel: string;
  readonly instId: string;
}

const argOf = (message: Message) => message['arg'] as Argument;

/** A number as large as the venue's. */
const FIRST = 20_000_000_000;

/** Since 2023 every message of a book names the one before it; the checksum is 0 since 2026. */
function numbered(frames: readonly string[]): readonly string[] {
  return frames.map((text, at) =>
    text.replace(/"checksum":-?\d+/, `"checksum":0,"prevSeqId":${at === 0 ? -1 : FIRST + at - 1},"seqId":${FIRST + at}`),
  );
}

const subscribe = (...args: readonly Argument[]) => JSON.stringify({ op: 'subscribe', args });

export const OKX: Venue = {
  id: 'okx',
  plugin: '@speed-protocol/exchange-okx',
  captures: 'okx.wire.cryptofeed',
  streamOf: (message) => {
    const { arg, data } = message as { readonly arg?: Argument; readonly data?: unknown };
    const kind = data === undefined || arg === undefined ? undefined : KINDS[arg.channel];
    return kind && { kind, venueSymbol: (arg as Argument).instId };
  },
  isSnapshot: (message) => message['action'] === 'snapshot',
  today: (frames) => (frames[0]?.includes('"seqId"') ? frames : numbered(frames)),
  simulated: {
    symbol: 'BTC/USDT:USDT',
    ping: 'ping',
    sockets: (ws, instId) => [
      { url: String(ws['public']), say: [subscribe({ channel: 'books', instId }, { channel: 'bbo-tbt', instId })] },
      { url: String(ws['market']), say: [subscribe({ channel: 'trades-all', instId })] },
    ],
  },
  speed: {
    paths: [
      ['arg', 'channel'],
      ['arg', 'instId'],
    ],
    parts: (message) => [argOf(message).channel, argOf(message).instId],
    reader: (_, message) => READERS[argOf(message).channel]!,
  },
  ccxt: {
    url: 'wss://ws.okx.com:8443/ws/v5/public',
    hash: (kind, symbol, message) => (kind === 'quote' ? `bidask::${symbol}` : `${argOf(message).channel}:${symbol}`),
  },
  tardis: {
    exchange: 'okex-swap',
    // What it replays was recorded from the channel for the highest VIP levels; live it takes the public one.
    since: ({ frames }) => (frames.depth[0]?.includes('l2-tbt') ? new Date('2022-02-27') : new Date()),
    maps: () => true,
  },
};
