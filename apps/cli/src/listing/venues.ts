import { type CapabilityDeclaration, FEED_NAMES, type VenueDeclaration } from '@speed-protocol/core';
import type { PluginInfo, Plugins } from '@speed-protocol/host';
import { type Console, note, printJson, table, write } from '../console.js';
import { findInstalled } from '../venues.js';

interface VenueRow {
  readonly venue: string;
  readonly name: string;
  readonly plugin: string;
  readonly version: string;
  /** The plugin brings its own simulator. */
  readonly simulated: boolean;
  readonly capabilities: CapabilityDeclaration;
}

/** Prints the capability matrix; plugins that were refused are named on standard error with the reason. */
export async function venues(console: Console, options: { readonly config?: string; readonly json?: boolean }): Promise<void> {
  const { plugins } = await findInstalled(options.config);
  const rows = (
    await Promise.all(plugins.list.filter(({ kind }) => kind === 'exchange').map((info) => rowsOf(plugins, info)))
  ).flat();
  const families = plugins.list.flatMap((info) =>
    info.families.map((prefix) => ({ venue: `${prefix}ID`, plugin: info.package, version: info.version })),
  );
  if (options.json) await printJson(console, { venues: rows, families, refused: plugins.refused });
  else
    await write(
      console,
      rows.length > 0
        ? matrix(rows)
        : 'No exchange plugin is installed. Install one with npm install @speed-protocol/exchange-NAME.\n',
    );
  for (const { venue, plugin, version } of families) note(console, `and any ${venue} through ${plugin} ${version}`);
  for (const { reason } of plugins.refused) note(console, `refused: ${reason}`);
}

/** A plugin that cannot be imported lists nothing here; it is among the refused then. */
async function rowsOf(plugins: Plugins, info: PluginInfo): Promise<VenueRow[]> {
  const known = await Promise.all(info.venues.map((venue) => declarationOf(plugins, venue)));
  return known.flat().map(({ id, name, capabilities }) => ({
    venue: id,
    name,
    plugin: info.package,
    version: info.version,
    simulated: info.sim !== undefined,
    capabilities,
  }));
}

async function declarationOf(plugins: Plugins, venue: string): Promise<readonly VenueDeclaration[]> {
  const manifest = await plugins.manifest(venue).catch(() => undefined);
  return manifest?.venues.filter(({ id }) => id === venue) ?? [];
}

function matrix(rows: readonly VenueRow[]): string {
  const header = ['VENUE', 'NAME', ...FEED_NAMES.map((feed) => feed.toUpperCase()), 'RATES', 'SIM', 'PLUGIN'];
  return table(
    header,
    rows.map(({ venue, name, capabilities, simulated, plugin, version }) => [
      venue,
      name,
      ...FEED_NAMES.map((feed) => feedCell(capabilities, feed)),
      fundingCell(capabilities),
      simulated ? 'yes' : '-',
      `${plugin} ${version}`,
    ]),
  );
}

function feedCell({ market }: CapabilityDeclaration, feed: (typeof FEED_NAMES)[number]): string {
  if (!market?.feeds.includes(feed)) return '-';
  return market.polled?.includes(feed) ? 'polled' : 'stream';
}

/** Funding rates outside of the stream: current, predicted, history. */
function fundingCell({ funding }: CapabilityDeclaration): string {
  if (!funding) return '-';
  return ['current', funding.predicted && 'predicted', funding.history && 'history'].filter(Boolean).join('+');
}
