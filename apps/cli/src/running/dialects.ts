import { SpeedError } from '@speed-protocol/core';
import type { Plugins } from '@speed-protocol/host';
import { type Dialect, isDialect } from '@speed-protocol/simulator';
import { findVenue } from '../venues.js';

/**
 * Simulator dialects of the installed plugins that have one, for the wished venues.
 * @throws UsageError on a venue that no plugin has; SpeedError `unsupported` on one that its plugin does not simulate
 */
export async function findDialects(plugins: Plugins, venues: readonly string[] | undefined): Promise<Dialect[]> {
  for (const venue of venues ?? []) {
    const { sim, package: name } = findVenue(plugins, venue);
    if (sim === undefined) throw new SpeedError('unsupported', `${name} brings no simulator for "${venue}"`, { venue });
  }
  const wanted = plugins.list.filter((info) => venues === undefined || info.venues.some((venue) => venues.includes(venue)));
  const modules = await Promise.all(wanted.flatMap((info) => (info.sim === undefined ? [] : [plugins.import(info, info.sim)])));
  const dialects = modules.filter(isDialect);
  if (dialects.length > 0) return dialects;
  throw new SpeedError('not-found', 'no installed plugin brings a simulator; npm install @speed-protocol/exchange-binance');
}
