import { defineExchange } from '@speed-protocol/core';
import { createConnector } from '@speed-protocol/wire';
import { accountOf } from './account.js';
import { CAPABILITIES } from './capabilities.js';
import { missingCredentials, parseConfig, resolveVenue } from './config.js';
import { DeribitExchange } from './exchange.js';
import { createNormalizer } from './normalizer.js';
import { tradingOf } from './trading.js';
import { accountSocket, armDisconnect } from './websocket/account-socket.js';
import { privateEvents, subscribePrivate } from './websocket/private.js';
import { socketsOf } from './websocket/sockets.js';
import { topicRows } from './websocket/topics.js';

/** Deribit: perpetuals, dated futures, options and spot under one roof. */
export default defineExchange({
  id: 'deribit',
  venues: [{ id: 'deribit', name: 'Deribit', capabilities: CAPABILITIES.deribit }],
  parseConfig,
  createNormalizer,
  create: (venue, context) => {
    const exchange = new DeribitExchange(venue, context);
    const socket = () => accountSocket(venue, context);
    return createConnector({
      ...{ exchange, context, capabilities: CAPABILITIES[venue] },
      missing: missingCredentials(context.config, venue),
      market: { rows: topicRows(exchange), sockets: socketsOf(venue, resolveVenue(context.config, venue).ws) },
      orders: { socket: socket(), greet: context.config.cancelOnDisconnect === 'on' ? armDisconnect : undefined },
      stream: { socket, subscribe: subscribePrivate, events: privateEvents },
      trading: tradingOf(exchange, context.config),
      account: accountOf(exchange),
    });
  },
});
