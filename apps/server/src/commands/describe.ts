import type { PluginInfo, Plugins } from '@speed-protocol/host';
import { type DescribeResult, MAX_BOOK_LEVELS, PROTOCOL_VERSION, type VenueDescription } from '@speed-protocol/protocol';
import { SERVER_VERSION } from '../version.js';
import type { CommandContext } from './context.js';

/** What this server has to offer. Imports every exchange plugin, because capabilities are in their manifests. */
export async function describe({ host: { plugins }, config }: CommandContext): Promise<DescribeResult> {
  const exchanges = plugins.list.filter(({ kind }) => kind === 'exchange');
  const settled = await Promise.allSettled(exchanges.map((info) => venuesOf(plugins, info)));
  const { frameBytes, subscriptions, commandsPerSecond } = config.limits;
  return {
    protocol: PROTOCOL_VERSION,
    server: { name: 'speed', version: SERVER_VERSION },
    venues: settled.flatMap((each) => (each.status === 'fulfilled' ? each.value : [])),
    refused: plugins.refused.map((each) => ({ ...each })),
    limits: { frameBytes, subscriptions, commandsPerSecond, bookLevels: MAX_BOOK_LEVELS, bookIntervalMs: config.bookIntervalMs },
  };
}

async function venuesOf(plugins: Plugins, info: PluginInfo): Promise<VenueDescription[]> {
  // Asked one by one: venues of a family have manifests of their own.
  const manifests = await Promise.all(info.venues.map((venue) => plugins.manifest(venue)));
  return manifests.flatMap(({ venues }, i) =>
    venues
      .filter(({ id }) => id === info.venues[i])
      .map(({ id, name, capabilities }) => ({ id, name, plugin: info.package, pluginVersion: info.version, capabilities })),
  );
}
