import { type Connector, defineExchange, type PluginContext, SpeedError } from '@speed-protocol/core';
import {
  ApiSocket,
  connectorOf,
  createAccount,
  createMarketData,
  createTrading,
  Doors,
  PrivateStream,
  type Upstream,
  type UpstreamHost,
} from '@speed-protocol/wire';
import { accountOf } from './account.js';
import { CAPABILITIES } from './capabilities.js';
import { type BinanceConfig, missingCredentials, parseConfig, resolveVenue, type VenueId } from './config.js';
import { BinanceExchange } from './exchange.js';
import { createNormalizer } from './normalizer.js';
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

/** Binance spot, USD-M and COIN-M futures. */
export default defineExchange({
  id: 'binance',
  venues: VENUES,
  parseConfig,
  create: (venue, context) => createConnector(venue, context),
  createNormalizer,
});

type Context = PluginContext<BinanceConfig>;

function createConnector(venue: VenueId, context: Context): Connector {
  const exchange = new BinanceExchange(venue, context);
  const market = createMarketRoom(exchange, context);
  const doors = new Doors({
    exchange,
    socket: orderSocket(exchange, context),
    missing: missingCredentials(context.config, venue),
  });
  const connect = (host: UpstreamHost) => upstreamOf(exchange, context, host);
  const stream = new PrivateStream({ exchange, context, events: streamEvents, endOf, connect });
  const capabilities = CAPABILITIES[venue];
  const funding = 'funding' in capabilities ? exchange.funding : undefined;
  const trading = createTrading(exchange, tradingOf({ exchange, doors, context }));
  const account = createAccount(exchange, accountOf({ exchange, doors, stream }));
  return connectorOf({ exchange, capabilities, market, funding, trading, account, doors, stream });
}

/** A book is stale while its snapshot is awaited: one that hangs is asked for again soon. */
const SNAPSHOT_TIMEOUT_MS = 3_000;

function createMarketRoom(exchange: BinanceExchange, context: Context) {
  const { venue } = exchange;
  const { clock, logger, signal, config } = context;
  return createMarketData({
    venue,
    declared: CAPABILITIES[venue].market,
    rows: topicRows(venue, exchange),
    polls: pollRows(venue, exchange),
    sockets: socketsOf(venue, config.environment, resolveVenue(config, venue).ws),
    instrument: (symbol, options) => exchange.reference.instrument(symbol, options),
    depthSnapshot: ({ symbol }, options) => exchange.depthSnapshot(symbol, { ...options, timeoutMs: SNAPSHOT_TIMEOUT_MS }),
    clock,
    logger,
    signal,
  });
}

/** Late answers on a replaced connection are still answers. */
function orderSocket(exchange: BinanceExchange, context: Context) {
  const spec = apiSocket(exchange.venue, context);
  const use = { name: `${exchange.venue}.orders`, overlapMs: context.config.timeoutMs };
  return spec && new ApiSocket(spec, use, exchange, context);
}

/** Spot: a subscription on the WebSocket API; listen keys are gone since 2026-02-20. */
function upstreamOf(exchange: BinanceExchange, context: Context, host: UpstreamHost): Upstream {
  const { venue } = exchange;
  if (venue !== 'binance') return listenKeyUpstream(exchange, context, host);
  const spec = apiSocket(venue, context);
  if (!spec) throw new SpeedError('unsupported', `${venue} has no private stream in this environment`, { venue });
  // The old connection would tell everything twice.
  return new ApiSocket(spec, { name: `${venue}.private`, overlapMs: 0, greet: subscribeUserData, ...host }, exchange, context);
}
