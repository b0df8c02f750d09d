import { defineExchange, type PluginContext, SpeedError } from '@speed-protocol/core';
import { createConnector, type UpstreamHost } from '@speed-protocol/wire';
import { accountOf } from './account.js';
import { CAPABILITIES } from './capabilities.js';
import { type BinanceConfig, missingCredentials, parseConfig, resolveVenue } from './config.js';
import { BinanceExchange } from './exchange.js';
import { createNormalizer } from './normalizer.js';
import type { SocketStamp } from './order-text.js';
import { tradingOf } from './trading.js';
import { apiSocket, subscribeUserData } from './websocket/api-socket.js';
import { listenKeyUpstream } from './websocket/listen-key.js';
import { endOf, streamEvents } from './websocket/private.js';
import { socketsOf } from './websocket/sockets.js';
import { pollRows, topicRows } from './websocket/topics.js';

const VENUES = [
  { id: 'binance', name: 'Binance spot', capabilities: CAPABILITIES.binance },
  { id: 'binanceusdm', name: 'Binance USD-M futures', capabilities: CAPABILITIES.binanceusdm },
  { id: 'binancecoinm', name: 'Binance COIN-M futures', capabilities: CAPABILITIES.binancecoinm },
] as const;

/** A book is stale while its snapshot is awaited: one that hangs is asked for again soon. */
const SNAPSHOT_TIMEOUT_MS = 3_000;

/** Binance spot, USD-M and COIN-M futures. */
export default defineExchange({
  id: 'binance',
  venues: VENUES,
  parseConfig,
  createNormalizer,
  create: (venue, context) => {
    const { config } = context;
    const exchange = new BinanceExchange(venue, context);
    const socket = apiSocket(venue, context);
    return createConnector<SocketStamp>({
      ...{ exchange, context, capabilities: CAPABILITIES[venue] },
      missing: missingCredentials(config, venue),
      market: {
        rows: topicRows(venue, exchange),
        polls: pollRows(venue, exchange),
        sockets: socketsOf(venue, config.environment, resolveVenue(config, venue).ws),
        snapshotTimeoutMs: SNAPSHOT_TIMEOUT_MS,
      },
      orders: socket && { socket },
      stream: { events: streamEvents, endOf, ...privateWay(exchange, context) },
      trading: tradingOf(exchange, config),
      account: accountOf(exchange),
    });
  },
});

/** Spot: a subscription on the WebSocket API; listen keys are gone since 2026-02-20. */
function privateWay(exchange: BinanceExchange, context: PluginContext<BinanceConfig>) {
  const { venue } = exchange;
  if (venue !== 'binance') {
    return { connect: (host: UpstreamHost) => listenKeyUpstream(exchange, context, host) };
  }
  const socket = () => {
    const spec = apiSocket(venue, context);
    if (spec) return spec;
    throw new SpeedError('unsupported', `${venue} has no private stream in this environment`, { venue });
  };
  return { socket, subscribe: subscribeUserData };
}
