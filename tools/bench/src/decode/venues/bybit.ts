import { READERS } from '@speed-protocol/exchange-bybit/readers';
import type { Kind } from '../types.js';
import type { Message, Venue } from './venue.js';

/** Books of one level are quotes. */
const TOPIC = /^(?:orderbook\.(\d+)|publicTrade)\.(.+)$/;

interface Told {
  readonly topic?: string;
  readonly type?: string;
}

function kindOf(topic: string, depth: string | undefined): Kind {
  if (topic.startsWith('publicTrade')) return 'trade';
  return depth === '1' ? 'quote' : 'depth';
}

const subscribe = (...args: readonly string[]) => JSON.stringify({ op: 'subscribe', args });
const NAMES: Readonly<Record<Kind, string>> = { depth: 'orderbook', quote: 'orderbook.1', trade: 'publicTrade' };

export const BYBIT: Venue = {
  id: 'bybit',
  plugin: '@speed-protocol/exchange-bybit',
  captures: 'bybit.wire.',
  streamOf: (message) => {
    const { topic = '' } = message as Told;
    const [, depth, venueSymbol = ''] = TOPIC.exec(topic) ?? [];
    return venueSymbol === '' ? undefined : { kind: kindOf(topic, depth), venueSymbol };
  },
  isSnapshot: (message) => (message as Told).type === 'snapshot',
  simulated: {
    symbol: 'BTC/USDT:USDT',
    ping: JSON.stringify({ op: 'ping' }),
    sockets: (ws, symbol) => [
      {
        url: `${new URL(String(ws['public'])).origin.replace('http', 'ws')}/v5/public/linear`,
        say: [subscribe(`orderbook.50.${symbol}`, `orderbook.1.${symbol}`, `publicTrade.${symbol}`)],
      },
    ],
  },
  speed: {
    paths: [['topic']],
    parts: (message) => [(message as Told).topic ?? ''],
    reader: (kind) => READERS[NAMES[kind]]!,
  },
  ccxt: {
    url: 'wss://stream.bybit.com/v5/public/linear',
    hash: (kind, symbol) => `${{ depth: 'orderbook', quote: 'bidask', trade: 'trade' }[kind]}:${symbol}`,
  },
  tardis: { exchange: 'bybit', since: () => new Date(), maps: mapped },
};

/** It reads one depth of books. */
function mapped(kind: Kind, message: Message): boolean {
  return kind !== 'depth' || String((message as Told).topic).startsWith('orderbook.50.');
}
