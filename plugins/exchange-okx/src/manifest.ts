import { defineExchange } from '@speed-protocol/core';
import { createConnector } from '@speed-protocol/wire';
import { accountOf, MarginModes } from './account.js';
import { CAPABILITIES } from './capabilities.js';
import { missingCredentials, parseConfig, resolveVenue } from './config.js';
import { OkxExchange } from './exchange.js';
import { createNormalizer } from './normalizer.js';
import { tradingOf } from './trading.js';
import { accountSocket } from './websocket/account-socket.js';
import { privateEvents, subscribePrivate } from './websocket/private.js';
import { socketsOf } from './websocket/sockets.js';
import { topicRows } from './websocket/topics.js';

/** OKX: spot, swaps, dated futures and options under one roof. */
export default defineExchange({
  id: 'okx',
  venues: [{ id: 'okx', name: 'OKX', capabilities: CAPABILITIES.okx }],
  parseConfig,
  createNormalizer,
  create: (venue, context) => {
    const exchange = new OkxExchange(venue, context);
    const modes = new MarginModes();
    const socket = () => accountSocket(venue, context);
    return createConnector({
      ...{ exchange, context, capabilities: CAPABILITIES[venue] },
      missing: missingCredentials(context.config, venue),
      market: { rows: topicRows(exchange), sockets: socketsOf(venue, resolveVenue(context.config, venue).ws) },
      orders: { socket: socket() },
      stream: { socket, subscribe: subscribePrivate, events: privateEvents },
      trading: tradingOf(exchange, context.config, modes),
      account: accountOf(exchange, modes),
    });
  },
});
