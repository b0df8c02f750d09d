import { READERS } from '@speed-protocol/exchange-binance/readers';
import type { Kind, Market } from '../types.js';
import type { Message, Venue } from './venue.js';

/** Stream names are `<symbol in lower case>@<stream>`. */
const STREAM = /^([^@]+)@([a-zA-Z]+)/;
const KINDS: Readonly<Record<string, Kind>> = { depth: 'depth', trade: 'trade', aggTrade: 'trade', bookTicker: 'quote' };

interface Combined {
  readonly stream: string;
  readonly data: { readonly u: number; readonly X?: string };
}

function streamOf(message: Message) {
  const { stream, data } = message as unknown as Combined;
  const [, symbol = '', name = ''] = STREAM.exec(String(stream)) ?? [];
  const kind = KINDS[name];
  // Fills of the insurance fund and the like are no trades of the market, and not every contestant drops them.
  const isOffBook = data?.X !== undefined && data.X !== 'MARKET';
  return kind === undefined || isOffBook ? undefined : { kind, venueSymbol: symbol.toUpperCase() };
}

const isAggregate = (message: Message) => String(message['stream']).includes('@aggTrade');

interface Row {
  readonly id: string;
  readonly captures: string;
  readonly rest: string;
  readonly depth: 'spotDepth' | 'futuresDepth';
  readonly trade: string;
  readonly market: Market;
  readonly url: string;
  readonly tardis: string;
}

function venue({ id, captures, rest, depth, trade, market, url, tardis }: Row): Venue {
  const { venueSymbol } = market;
  const name = (stream: string) => `${venueSymbol.toLowerCase()}@${stream}`;
  return {
    id,
    plugin: '@speed-protocol/exchange-binance',
    captures,
    listed: [market],
    streamOf,
    rest: {
      path: (symbol) => `${rest}?symbol=${symbol}&limit=1000`,
      symbolOf: ({ pathname, searchParams }) => (pathname.endsWith('/depth') ? searchParams.get('symbol') : null),
      sequenceOf: (body) => Number(body['lastUpdateId']),
      // Futures deltas may end at the snapshot's number; spot ones must go beyond it.
      isAfter: (message, sequence) => {
        const { u } = (message as unknown as Combined).data;
        return depth === 'spotDepth' ? u > sequence : u >= sequence;
      },
    },
    simulated: {
      symbol: market.symbol,
      sockets: (ws) => [
        { url: `${ws['public']}/stream?streams=${name('depth@100ms')}/${name('bookTicker')}`, say: [] },
        { url: `${ws['market'] ?? ws['public']}/stream?streams=${name(trade)}`, say: [] },
      ],
    },
    speed: {
      paths: [['stream']],
      parts: (message) => [String(message['stream'])],
      reader: (kind, message) =>
        READERS[kind === 'depth' ? depth : kind === 'quote' ? 'quote' : isAggregate(message) ? 'aggTrade' : 'trade']!,
    },
    ccxt: { url, hash: (kind, symbol) => HASHES[kind] + symbol },
    tardis: {
      exchange: tardis,
      since: () => new Date(0),
      snapshot: (symbol, data) => ({ stream: `${symbol.toLowerCase()}@depthSnapshot`, generated: true, data }),
      maps: (kind, message) => kind !== 'trade' || !isAggregate(message),
    },
  };
}

const HASHES: Readonly<Record<Kind, string>> = { depth: 'orderbook::', trade: 'trade::', quote: 'bidask:bookTicker@' };

const SPOT: Market = {
  ...{ venueSymbol: 'BTCUSDT', symbol: 'BTC/USDT', kind: 'spot', base: 'BTC', quote: 'USDT' },
  ...{ tickSize: '0.01', contractSize: '1' },
};
const LINEAR: Market = {
  ...{ venueSymbol: 'BTCUSDT', symbol: 'BTC/USDT:USDT', kind: 'perpetual', base: 'BTC', quote: 'USDT', settle: 'USDT' },
  ...{ inverse: false, tickSize: '0.1', contractSize: '1' },
};
const INVERSE: Market = {
  ...{ venueSymbol: 'BTCUSD_PERP', symbol: 'BTC/USD:BTC', kind: 'perpetual', base: 'BTC', quote: 'USD', settle: 'BTC' },
  ...{ inverse: true, tickSize: '0.1', contractSize: '100' },
};

export const BINANCE: readonly Venue[] = [
  venue({
    ...{ id: 'binance', captures: 'binance-spot.wire.', rest: '/api/v3/depth', depth: 'spotDepth', trade: 'trade' },
    ...{ market: SPOT, url: 'wss://stream.binance.com:9443/stream', tardis: 'binance' },
  }),
  venue({
    ...{ id: 'binanceusdm', captures: 'binance-usdm.wire.', rest: '/fapi/v1/depth', depth: 'futuresDepth', trade: 'aggTrade' },
    ...{ market: LINEAR, url: 'wss://fstream.binance.com/ws/1', tardis: 'binance-futures' },
  }),
  venue({
    ...{ id: 'binancecoinm', captures: 'binance-coinm.wire.', rest: '/dapi/v1/depth', depth: 'futuresDepth', trade: 'aggTrade' },
    ...{ market: INVERSE, url: 'wss://dstream.binance.com/ws/1', tardis: 'binance-delivery' },
  }),
];
