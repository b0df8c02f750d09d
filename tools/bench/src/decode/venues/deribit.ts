import { READERS } from '@speed-protocol/exchange-deribit/readers';
import type { Kind } from '../types.js';
import type { Message, Venue } from './venue.js';

const CHANNEL = /^(book|trades|quote)\.([^.]+)/;
const KINDS: Readonly<Record<string, Kind>> = { book: 'depth', trades: 'trade', quote: 'quote' };

interface Params {
  readonly channel: string;
  readonly data: { readonly type?: string };
}

const paramsOf = (message: Message) => message['params'] as Params | undefined;
const NAMES: Readonly<Record<Kind, string>> = { depth: 'book', trade: 'trades', quote: 'quote' };

export const DERIBIT: Venue = {
  id: 'deribit',
  plugin: '@speed-protocol/exchange-deribit',
  captures: 'deribit.wire.cryptofeed',
  streamOf: (message) => {
    const [, name = '', venueSymbol = ''] = CHANNEL.exec(paramsOf(message)?.channel ?? '') ?? [];
    const kind = KINDS[name];
    return kind && { kind, venueSymbol };
  },
  isSnapshot: (message) => paramsOf(message)?.data.type === 'snapshot',
  simulated: {
    symbol: 'BTC/USD:BTC',
    sockets: (ws, symbol) => [
      {
        url: String(ws['public']),
        say: [
          JSON.stringify({
            jsonrpc: '2.0',
            id: 1,
            method: 'public/subscribe',
            params: { channels: [`book.${symbol}.100ms`, `trades.${symbol}.100ms`, `quote.${symbol}`] },
          }),
        ],
      },
    ],
  },
  speed: {
    paths: [['params', 'channel']],
    parts: (message) => [paramsOf(message)?.channel ?? ''],
    reader: (kind) => READERS[NAMES[kind]]!,
  },
  ccxt: {
    url: 'wss://www.deribit.com/ws/api/v2',
    hash: (kind, symbol, message) => {
      const { channel } = paramsOf(message) as Params;
      const interval = channel.split('.')[2];
      return { depth: `book|${symbol}|${interval}`, trade: `trades|${symbol}|${interval}`, quote: channel }[kind];
    },
  },
  // Its quotes come from tickers.
  tardis: { exchange: 'deribit', since: () => new Date(), maps: (kind) => kind !== 'quote' },
};
