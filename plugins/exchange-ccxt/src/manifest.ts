import {
  type Connector,
  defineExchange,
  defineExchangeFamily,
  type ExchangeManifest,
  type PluginContext,
  SpeedError,
} from '@speed-protocol/core';
import { CcxtAccount } from './account.js';
import { capabilitiesOf } from './capabilities.js';
import { Clients } from './clients.js';
import { type CcxtConfig, parseConfig } from './config.js';
import { CcxtBridge } from './exchange.js';
import { loadExchange, PREFIX } from './load.js';
import { CcxtTrading } from './trading.js';
import type { CcxtConstructor } from './types.js';
import { createMarketRoom } from './websocket/index.js';
import { PrivateStream } from './websocket/private-stream.js';

/** Any exchange that ccxt has, as `ccxt:ID`. ccxt is loaded when the first of them is opened. */
export default defineExchangeFamily({ id: 'ccxt', prefix: PREFIX, open });

async function open(venue: string): Promise<ExchangeManifest> {
  const Exchange = await loadExchange(venue);
  const sample = new Exchange({});
  const capabilities = capabilitiesOf(sample);
  return defineExchange({
    id: 'ccxt',
    venues: [{ id: venue, name: `${sample.name} through ccxt`, capabilities }],
    parseConfig: (input) => parseConfig(input, sample),
    create: (_, context: PluginContext<CcxtConfig>) => createConnector(venue, Exchange, context),
    createNormalizer: () => {
      throw new SpeedError('unsupported', `${venue}: ccxt reads frames on its own connections only`, { venue });
    },
  });
}

function createConnector(venue: string, Exchange: CcxtConstructor, context: PluginContext<CcxtConfig>): Connector {
  const clients = new Clients(venue, Exchange, context);
  const capabilities = capabilitiesOf(clients.data);
  const bridge = new CcxtBridge(venue, clients, context);
  const market = capabilities.market && createMarketRoom(capabilities.market, bridge, clients, context);
  const stream = new PrivateStream(bridge, clients, context);
  return {
    venue,
    capabilities,
    reference: bridge.reference,
    market,
    funding: capabilities.funding && bridge.funding,
    trading: capabilities.trading && new CcxtTrading(bridge, clients, context).room(),
    account: capabilities.account && new CcxtAccount(bridge, stream).room(capabilities.account),
    connections: () => clients.connections(),
    async [Symbol.asyncDispose]() {
      await stream.close();
      await market?.[Symbol.asyncDispose]();
      await clients.close();
    },
  };
}
