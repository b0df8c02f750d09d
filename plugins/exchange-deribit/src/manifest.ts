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
import { type DeribitConfig, missingCredentials, parseConfig, resolveVenue, type VenueId } from './config.js';
import { DeribitExchange } from './exchange.js';
import { createNormalizer } from './normalizer.js';
import { tradingOf } from './trading.js';
import { accountSocket, armDisconnect } from './websocket/account-socket.js';
import { privateEvents, subscribePrivate } from './websocket/private.js';
import { socketsOf } from './websocket/sockets.js';
import { topicRows } from './websocket/topics.js';

const VENUES = [{ id: 'deribit', name: 'Deribit', capabilities: CAPABILITIES.deribit }] as const;

/** Deribit: perpetuals, dated futures, options and spot under one roof. */
export default defineExchange({
  id: 'deribit',
  venues: VENUES,
  parseConfig,
  create: (venue, context) => createConnector(venue, context),
  createNormalizer,
});

function createConnector(venue: VenueId, context: PluginContext<DeribitConfig>): Connector {
  const { config } = context;
  const exchange = new DeribitExchange(venue, context);
  const capabilities = CAPABILITIES[venue];
  const market = createMarketData({
    ...{
      venue,
      declared: capabilities.market,
      rows: topicRows(exchange),
      sockets: socketsOf(venue, resolveVenue(config, venue).ws),
    },
    ...context,
    instrument: (symbol, options) => exchange.reference.instrument(symbol, options),
    depthSnapshot: ({ symbol }, options) => exchange.depthSnapshot(symbol, options),
  });
  const orders = {
    name: `${venue}.orders`,
    overlapMs: config.timeoutMs,
    ...(config.cancelOnDisconnect === 'on' && { greet: armDisconnect }),
  };
  const socket = new ApiSocket(accountSocket(venue, context), orders, exchange, context);
  const doors = new Doors({ exchange, socket, missing: missingCredentials(config, venue) });
  const stream = new PrivateStream({
    exchange,
    context,
    events: privateEvents,
    connect: (host) => {
      const use = { name: `${venue}.private`, overlapMs: 0, greet: subscribePrivate, ...host };
      return new ApiSocket(accountSocket(venue, context), use, exchange, context);
    },
  });
  const trading = createTrading(exchange, tradingOf({ exchange, doors, context }));
  const account = createAccount(exchange, accountOf({ exchange, doors, stream }));
  return connectorOf({ exchange, capabilities, market, funding: exchange.funding, trading, account, doors, stream });
}
