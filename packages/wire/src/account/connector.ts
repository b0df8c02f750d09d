import type { AnyAccount, AnyTrading, CapabilityDeclaration, Connector, FeedName, Funding } from '@speed-protocol/core';
import type { Stamp } from '../calls/api-socket.js';
import type { RestExchange } from '../exchange/rest-exchange.js';
import type { MarketDataRoom } from '../market/market-data.js';
import type { Doors } from './doors.js';
import type { PrivateStream } from './private-stream.js';

interface ConnectorParts<S extends Stamp> {
  readonly exchange: RestExchange;
  readonly capabilities: CapabilityDeclaration;
  readonly market: MarketDataRoom<FeedName>;
  /** Absent where nothing is funded. */
  readonly funding?: Funding | undefined;
  readonly trading: AnyTrading;
  readonly account: AnyAccount;
  readonly doors: Doors<S>;
  readonly stream: PrivateStream;
}

/** A venue's rooms under one roof. */
export function connectorOf<S extends Stamp>(parts: ConnectorParts<S>): Connector {
  const { exchange, capabilities, market, funding, trading, account, doors, stream } = parts;
  return {
    venue: exchange.venue,
    capabilities,
    reference: exchange.reference,
    market,
    ...(funding && { funding }),
    trading,
    account,
    connections: () => [...market.connections(), ...[doors.status(), stream.status()].filter((each) => each !== undefined)],
    async [Symbol.asyncDispose]() {
      await Promise.all([doors.close(), stream.close()]);
      await market[Symbol.asyncDispose]();
      await exchange.client.close();
    },
  };
}
