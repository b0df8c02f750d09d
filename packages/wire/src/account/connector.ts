import type { CallOptions, CapabilityDeclaration, Connector, DepthEvent, Funding } from '@speed-protocol/core';
import { ApiSocket, type ApiSocketSpec, type AskStamped, type Stamp, type VenueContext } from '../calls/api-socket.js';
import type { RestExchange } from '../exchange/rest-exchange.js';
import { createMarketData, type MarketDataSpec } from '../market/market-data.js';
import { type AccountSpec, createAccount } from './account.js';
import { Doors } from './doors.js';
import { PrivateStream, type PrivateStreamSpec, type Upstream, type UpstreamHost } from './private-stream.js';
import { createTrading } from './trading.js';
import type { TradingSpec } from './trading-spec.js';

/** The REST side of a venue, as far as its rooms ask it. */
type VenueExchange = RestExchange & {
  /** Used where the venue declares it. */
  readonly funding?: Funding;
  depthSnapshot(symbol: string, options: SnapshotOptions): Promise<DepthEvent>;
};

type SnapshotOptions = CallOptions & { readonly limit?: number; readonly timeoutMs?: number | undefined };

/** Orders over a socket. */
interface OrderSocket<S extends Stamp> {
  readonly socket: ApiSocketSpec<S>;
  /** Said after the login. */
  readonly greet?: ((ask: AskStamped<S>) => Promise<void>) | undefined;
}

/** What happens to the account: over a socket that asks for it after the login, or by a way of the plugin's own. */
type PrivateEvents<S extends Stamp> = Pick<PrivateStreamSpec, 'events' | 'endOf'> &
  (
    | {
        /** A fresh one for each connection. */
        socket(): ApiSocketSpec<S>;
        subscribe(ask: AskStamped<S>): Promise<void>;
      }
    | { connect(host: UpstreamHost): Upstream }
  );

/** Orders of a venue, as its plugin declares them; the rest of {@link TradingSpec} the connector knows. */
export type VenueTrading<S extends Stamp = Stamp> = Omit<TradingSpec<S>, 'declared' | 'doors'>;

/** The account at a venue, as its plugin declares it; the rest of {@link AccountSpec} the connector knows. */
export type VenueAccount<S extends Stamp = Stamp> = Omit<AccountSpec<S>, 'declared' | 'doors' | 'stream'>;

/** A venue, as its plugin's tables declare it. */
interface ConnectorSpec<S extends Stamp> {
  readonly exchange: VenueExchange;
  readonly context: VenueContext;
  readonly capabilities: CapabilityDeclaration & Required<Pick<CapabilityDeclaration, 'market' | 'trading' | 'account'>>;
  readonly market: Pick<MarketDataSpec, 'rows' | 'polls' | 'sockets'> & {
    /** Of a depth snapshot that a stream waits for, ms; the configuration's when absent. */
    readonly snapshotTimeoutMs?: number;
  };
  /** Why nothing of an account can be asked; `undefined` when there are credentials. */
  readonly missing: string | undefined;
  /** `undefined` where orders go over REST only. */
  readonly orders: OrderSocket<S> | undefined;
  readonly stream: PrivateEvents<S>;
  readonly trading: VenueTrading<S>;
  readonly account: VenueAccount<S>;
}

/** All rooms of a venue under one roof. Opens nothing: the first call or subscription does. */
export function createConnector<S extends Stamp = Stamp>(spec: ConnectorSpec<S>): Connector {
  const { exchange, capabilities, missing } = spec;
  const market = marketOf(spec);
  const doors = new Doors({ exchange, socket: orderSocketOf(spec), missing });
  const stream = privateStreamOf(spec);
  return {
    venue: exchange.venue,
    capabilities,
    reference: exchange.reference,
    market,
    ...('funding' in capabilities && exchange.funding && { funding: exchange.funding }),
    trading: createTrading(exchange, { ...spec.trading, declared: capabilities, doors }),
    account: createAccount(exchange, { ...spec.account, declared: capabilities.account, doors, stream }),
    connections: () => [...market.connections(), ...[doors.status(), stream.status()].filter((each) => each !== undefined)],
    async [Symbol.asyncDispose]() {
      await Promise.all([doors.close(), stream.close()]);
      await market[Symbol.asyncDispose]();
      await exchange.client.close();
    },
  };
}

function marketOf<S extends Stamp>({ exchange, context, capabilities, market }: ConnectorSpec<S>) {
  const { snapshotTimeoutMs: timeoutMs, ...tables } = market;
  const { clock, logger, signal } = context;
  return createMarketData({
    ...tables,
    ...{ venue: exchange.venue, declared: capabilities.market, clock, logger, signal },
    instrument: (symbol, options) => exchange.reference.instrument(symbol, options),
    depthSnapshot: ({ symbol }, options) => exchange.depthSnapshot(symbol, { ...options, timeoutMs }),
  });
}

/** Late answers on a replaced connection are still answers. */
function orderSocketOf<S extends Stamp>({ exchange, context, orders }: ConnectorSpec<S>): ApiSocket<S> | undefined {
  const use = { name: `${exchange.venue}.orders`, overlapMs: context.config.timeoutMs, greet: orders?.greet };
  return orders && new ApiSocket(orders.socket, use, exchange, context);
}

/** A connection that is replaced ends at once: both would tell the same events. */
function privateStreamOf<S extends Stamp>({ exchange, context, stream }: ConnectorSpec<S>): PrivateStream {
  const { events, endOf } = stream;
  const socketTo = (host: UpstreamHost, socket: ApiSocketSpec<S>, greet: (ask: AskStamped<S>) => Promise<void>) =>
    new ApiSocket(socket, { name: `${exchange.venue}.private`, overlapMs: 0, greet, ...host }, exchange, context);
  const connect = (host: UpstreamHost) =>
    'connect' in stream ? stream.connect(host) : socketTo(host, stream.socket(), stream.subscribe);
  return new PrivateStream({ exchange, context, events, endOf, connect });
}
