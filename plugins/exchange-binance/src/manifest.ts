import { defineExchange } from '@speed-protocol/core';
import { createConnector, type UpstreamHost } from '@speed-protocol/wire';
import { accountOf } from './account.js';
import { CAPABILITIES } from './capabilities.js';
import { missingCredentials, parseConfig, resolveVenue } from './config.js';
import { BinanceExchange } from './exchange.js';
import { createNormalizer } from './normalizer.js';
import type { SocketStamp } from './order-text.js';
import { tradingOf } from './trading.js';
import { accountSocket, subscribePrivate } from './websocket/account-socket.js';
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
    const socket = () => accountSocket(venue, context);
    // Spot: a subscription on the WebSocket API, which every environment has; listen keys are gone there since 2026-02-20.
    const way =
      venue === 'binance'
        ? { socket: () => socket()!, subscribe: subscribePrivate }
        : { connect: (host: UpstreamHost) => listenKeyUpstream(exchange, context, host) };
    const orders = socket();
    return createConnector<SocketStamp>({
      ...{ exchange, context, capabilities: CAPABILITIES[venue] },
      missing: missingCredentials(config, venue),
      market: {
        rows: topicRows(exchange),
        polls: pollRows(exchange),
        sockets: socketsOf(venue, config.environment, resolveVenue(config, venue).ws),
        snapshotTimeoutMs: SNAPSHOT_TIMEOUT_MS,
      },
      orders: orders && { socket: orders },
      stream: { events: streamEvents, endOf, ...way },
      trading: tradingOf(exchange, config),
      account: accountOf(exchange),
    });
  },
});
