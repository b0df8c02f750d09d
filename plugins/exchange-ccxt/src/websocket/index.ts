import type { FeedName, FeedOptions, Instrument, MarketDeclaration, PluginContext } from '@speed-protocol/core';
import { createMarketData, type MarketDataRoom } from '@speed-protocol/wire';
import { has } from '../capabilities.js';
import type { Clients } from '../clients.js';
import type { CcxtConfig } from '../config.js';
import type { CcxtBridge } from '../exchange.js';
import { CcxtFeed } from './feed.js';
import { FEEDS } from './topics.js';

/** The market-data room of a venue: ccxt's connections in place of ours, everything else as everywhere. */
export function createMarketRoom(
  declared: MarketDeclaration,
  bridge: CcxtBridge,
  clients: Clients,
  context: PluginContext<CcxtConfig>,
): MarketDataRoom<FeedName> {
  const { venue, reference } = bridge;
  const { clock, logger } = context;
  const source = (feed: FeedName, instrument: Instrument, options: FeedOptions) => {
    const row = FEEDS.find((each) => each.feed === feed && (has(clients.data, each.watch) || has(clients.data, each.fetch)));
    if (!row || !(row.serves?.(instrument) ?? true)) return undefined;
    return new CcxtFeed({ row, instrument, options, bridge, clients, clock, logger });
  };
  return createMarketData({
    venue,
    declared,
    rows: [],
    source,
    sockets: {},
    instrument: (symbol, options) => reference.instrument(symbol, options),
    depthSnapshot: (instrument, options) => bridge.depthSnapshot(instrument, options),
    clock,
    logger,
    signal: clients.signal,
  });
}
