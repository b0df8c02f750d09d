import { fileURLToPath } from 'node:url';
import { type CapabilityDeclaration, type Clock, type Connector, nearest, SpeedError } from '@speed-protocol/core';
import { type PluginInfo, Plugins } from '@speed-protocol/host';
import { type Dialect, isDialect, type RunningSimulator } from '@speed-protocol/simulator';

/**
 * Installed exchange plugins that bring a dialect for the simulator. From sources when this file runs from its source.
 * @param wanted which plugins; default: all
 */
async function simulatedPlugins(
  wanted: (info: PluginInfo) => boolean = () => true,
): Promise<{ plugins: Plugins; dialects: Dialect[] }> {
  const conditions = import.meta.url.endsWith('.ts') ? ['@speed/source'] : [];
  const plugins = await Plugins.discover({ directories: [fileURLToPath(new URL('..', import.meta.url))], conditions });
  const dialects: Dialect[] = [];
  for (const info of plugins.list) {
    if (info.sim === undefined || !wanted(info)) continue;
    const dialect = await plugins.import(info, info.sim);
    if (isDialect(dialect)) dialects.push(dialect);
  }
  return { plugins, dialects };
}

/** Venues that are simulated and can do something, by what their plugins declare. */
async function simulatedVenues(can: (capabilities: CapabilityDeclaration) => boolean): Promise<string[]> {
  const { plugins, dialects } = await simulatedPlugins();
  const ids = dialects.flatMap(({ venues }) => venues.map(({ id }) => id));
  const able = await Promise.all(
    ids.map(async (id) => {
      const { venues } = await plugins.manifest(id);
      return venues.some((venue) => venue.id === id && can(venue.capabilities));
    }),
  );
  return ids.filter((_, at) => able[at]);
}

/** Venues with orders, and a private stream to tell of them. */
export const tradingVenues = () => simulatedVenues(({ trading, account }) => trading !== undefined && account !== undefined);

/** Venues with order books. */
export const bookVenues = () => simulatedVenues(({ market }) => market?.feeds.includes('depth') ?? false);

/**
 * Venues as a command line names them, separated by commas.
 * @throws SpeedError `invalid-request` naming the wrong one and the nearest right one
 */
export function chooseVenues(text: string | undefined, able: readonly string[]): readonly string[] {
  if (text === undefined) return able;
  const wanted = text.split(',').map((each) => each.trim());
  for (const venue of wanted) if (!able.includes(venue)) throw unable(venue, able);
  return wanted;
}

function unable(venue: string, able: readonly string[]): SpeedError {
  const near = nearest(venue, able);
  const hint = near ? `; did you mean "${near}"?` : '';
  return new SpeedError('invalid-request', `this run cannot take the venue "${venue}"${hint} It takes ${able.join(', ')}`);
}

/** Plugins that play these venues. */
export async function pluginsOf(venues: readonly string[]): Promise<{ plugins: Plugins; dialects: Dialect[] }> {
  return simulatedPlugins((info) => info.venues.some((venue) => venues.includes(venue)));
}

/** A connector for every simulated venue, on the simulation's own clock. */
export async function connectAll(plugins: Plugins, sim: RunningSimulator, clock: Clock): Promise<Connector[]> {
  const connectors = Object.entries(sim.ready.venues).map(async ([venue, { rest }]) => {
    const manifest = await plugins.manifest(venue);
    const config = { environment: 'sim', origin: Object.values(rest)[0] };
    return manifest.create(venue, { config, clock }) as Connector;
  });
  return Promise.all(connectors);
}
