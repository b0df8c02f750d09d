import { type Connector, defineExchange, type PluginContext } from '@speed-protocol/core';
import {
  ApiSocket,
  connectorOf,
  createAccount,
  createMarketData,
  createTrading,
  Doors,
  PrivateStream,
} from '@speed-protocol/wire';
import { accountOf } from './account.js';
import { CAPABILITIES } from './capabilities.js';
import { type BybitConfig, missingCredentials, parseConfig, resolveVenue, type VenueId } from './config.js';
import { BybitExchange } from './exchange.js';
import { createNormalizer } from './normalizer.js';
import { tradingOf } from './trading.js';
import { orderSocket, privateSocket } from './websocket/account-socket.js';
import { privateEvents, subscribePrivate } from './websocket/private.js';
import { socketsOf } from './websocket/sockets.js';
import { topicRows } from './websocket/topics.js';

const VENUES = [{ id: 'bybit', name: 'Bybit', capabilities: CAPABILITIES.bybit }] as const;

/** Bybit: spot, linear and inverse perpetuals and dated futures under one roof. */
export default defineExchange({
  id: 'bybit',
  venues: VENUES,
  parseConfig,
  create: (venue, context) => createConnector(venue, context),
  createNormalizer,
});

function createConnector(venue: VenueId, context: PluginContext<BybitConfig>): Connector {
  const { config } = context;
  const { ws, wsTrade } = resolveVenue(config, venue);
  const exchange = new BybitExchange(venue, context);
  const capabilities = CAPABILITIES[venue];
  const market = createMarketData({
    ...{ venue, declared: capabilities.market, rows: topicRows(exchange), sockets: socketsOf(venue, ws) },
    ...context,
    instrument: (symbol, options) => exchange.reference.instrument(symbol, options),
    depthSnapshot: ({ symbol }, options) => exchange.depthSnapshot(symbol, options),
  });
  // Late answers on a replaced connection are still answers; its events would be told twice.
  const orders = { name: `${venue}.orders`, overlapMs: config.timeoutMs };
  const socket = wsTrade === undefined ? undefined : new ApiSocket(orderSocket(venue, context), orders, exchange, context);
  const doors = new Doors({ exchange, socket, missing: missingCredentials(config, venue) });
  const stream = new PrivateStream({
    exchange,
    context,
    events: privateEvents,
    connect: (host) => {
      const use = { name: `${venue}.private`, overlapMs: 0, greet: subscribePrivate, ...host };
      return new ApiSocket(privateSocket(venue, context), use, exchange, context);
    },
  });
  const trading = createTrading(exchange, tradingOf({ exchange, doors, context }));
  const account = createAccount(exchange, accountOf({ exchange, doors, stream }));
  return connectorOf({ exchange, capabilities, market, funding: exchange.funding, trading, account, doors, stream });
}
