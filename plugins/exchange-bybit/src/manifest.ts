import { defineExchange } from '@speed-protocol/core';
import { createConnector } from '@speed-protocol/wire';
import { accountOf } from './account.js';
import { CAPABILITIES } from './capabilities.js';
import { missingCredentials, parseConfig, resolveVenue } from './config.js';
import { BybitExchange } from './exchange.js';
import { createNormalizer } from './normalizer.js';
import { tradingOf } from './trading.js';
import { orderSocket, privateSocket } from './websocket/account-socket.js';
import { privateEvents, subscribePrivate } from './websocket/private.js';
import { socketsOf } from './websocket/sockets.js';
import { topicRows } from './websocket/topics.js';

/** Bybit: spot, linear and inverse perpetuals and dated futures under one roof. */
export default defineExchange({
  id: 'bybit',
  venues: [{ id: 'bybit', name: 'Bybit', capabilities: CAPABILITIES.bybit }],
  parseConfig,
  createNormalizer,
  create: (venue, context) => {
    const exchange = new BybitExchange(venue, context);
    const { ws, wsTrade } = resolveVenue(context.config, venue);
    return createConnector({
      ...{ exchange, context, capabilities: CAPABILITIES[venue] },
      missing: missingCredentials(context.config, venue),
      market: { rows: topicRows(exchange), sockets: socketsOf(venue, ws) },
      orders: wsTrade === undefined ? undefined : { socket: orderSocket(venue, context) },
      stream: { socket: () => privateSocket(venue, context), subscribe: subscribePrivate, events: privateEvents },
      trading: tradingOf(exchange, context.config),
      account: accountOf(exchange),
    });
  },
});
