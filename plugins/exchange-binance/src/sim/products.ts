import type { Listing } from '@speed-protocol/simulator';
import { inverseListing, linearListing, spotListing } from './listing.js';
import type { OrderLimit } from './trading/order-counts.js';

export type Family = 'spot' | 'linear' | 'inverse';

/** One product of the exchange: what differs between them, as data. */
export interface Product {
  readonly venue: 'binance' | 'binanceusdm' | 'binancecoinm';
  readonly family: Family;
  readonly listing: (now: number) => readonly Listing[];
  /** Path under which its REST routes lie. */
  readonly prefix: string;
  /** Path of its order socket, and what connecting costs of the request weight. */
  readonly socketApi: readonly [path: string, weight: number];
  /** Products of one pool share a request-weight budget per address. */
  readonly pool: 'spot' | 'futures';
  readonly weightPerMinute: number;
  /** New orders per account, in the order in which `exchangeInfo` lists them. */
  readonly orderLimits: readonly OrderLimit[];
  /** Fee fractions of new accounts. */
  readonly makerFee: string;
  readonly takerFee: string;
  /** Inbound WebSocket messages per second, pings and pongs included. */
  readonly messagesPerSecond: number;
  /** New connections per address in five minutes. */
  readonly connectionsPer5Minutes: number;
  readonly pingMs: number;
  readonly pongMs: number;
  /** Streams lie under /public, /market and /private. */
  readonly rooms: boolean;
  /** `st` of the merged futures streams. */
  readonly st?: 1 | 2;
  /** Speeds of depth streams, ms; the first is the one without a suffix. `0` is undocumented but served. */
  readonly depthSpeeds: readonly number[];
  /** Depth limits and their weights; `exact`: other limits are refused, else they are rounded up to the largest. */
  readonly depthWeights: readonly (readonly [limit: number, weight: number])[];
  readonly depthDefault: number;
  /** Cadence of `@ticker` and `@miniTicker`, ms. */
  readonly tickerMs: number;
  readonly klineMs: number;
  readonly klineLimit: readonly [fallback: number, max: number];
  /** Trades within this many ms are one aggregate. */
  readonly aggregateMs: number;
}

const FUTURES = {
  pool: 'futures',
  weightPerMinute: 2400,
  orderLimits: [
    { interval: 'MINUTE', intervalNum: 1, limit: 1200 },
    { interval: 'SECOND', intervalNum: 10, limit: 300 },
  ],
  makerFee: '0.0002',
  takerFee: '0.0005',
  messagesPerSecond: 10,
  connectionsPer5Minutes: Number.POSITIVE_INFINITY,
  pingMs: 180_000,
  pongMs: 600_000,
  depthSpeeds: [250, 500, 100, 0],
  depthWeights: [
    [50, 2],
    [100, 5],
    [500, 10],
    [1000, 20],
  ],
  depthDefault: 500,
  klineMs: 250,
  klineLimit: [500, 1500],
  aggregateMs: 100,
} as const;

export const PRODUCTS: readonly Product[] = [
  {
    venue: 'binance',
    family: 'spot',
    listing: spotListing,
    prefix: '/api/v3',
    socketApi: ['/ws-api/v3', 2],
    pool: 'spot',
    weightPerMinute: 6000,
    orderLimits: [
      { interval: 'SECOND', intervalNum: 10, limit: 100 },
      { interval: 'DAY', intervalNum: 1, limit: 200_000 },
    ],
    makerFee: '0.001',
    takerFee: '0.001',
    messagesPerSecond: 5,
    connectionsPer5Minutes: 300,
    pingMs: 20_000,
    pongMs: 60_000,
    rooms: false,
    depthSpeeds: [1000, 100],
    depthWeights: [
      [100, 5],
      [500, 25],
      [1000, 50],
      [5000, 250],
    ],
    depthDefault: 100,
    tickerMs: 1000,
    klineMs: 2000,
    klineLimit: [500, 1000],
    aggregateMs: 0,
  },
  {
    ...FUTURES,
    venue: 'binanceusdm',
    family: 'linear',
    listing: linearListing,
    prefix: '/fapi/v1',
    socketApi: ['/ws-fapi/v1', 5],
    rooms: true,
    st: 1,
    tickerMs: 2000,
  },
  {
    ...FUTURES,
    venue: 'binancecoinm',
    family: 'inverse',
    listing: inverseListing,
    prefix: '/dapi/v1',
    socketApi: ['/ws-dapi/v1', 5],
    rooms: false,
    st: 2,
    tickerMs: 500,
  },
];
