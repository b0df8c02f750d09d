import { join } from 'node:path';
import type { Connector, ExchangeManifest } from '@speed-protocol/core';
import type { HostConfig, PluginInfo, Plugins } from '@speed-protocol/host';
import { UsageError } from './failure.js';

/** How a command reaches venues; see {@link reachOptions}. */
export interface Reach {
  readonly config?: string | undefined;
  readonly environment?: string | undefined;
  readonly origin?: string | undefined;
}

/** Installed plugins and the configuration that they are used with. */
export interface Installed {
  readonly plugins: Plugins;
  readonly config: HostConfig;
}

/** This package's folder: what is installed with the command counts as chosen. */
export const APP_DIRECTORY = join(import.meta.dirname, '..');

/** Finds the installed plugins and reads the configuration. Imports no plugin. */
export async function findInstalled(configFile?: string): Promise<Installed> {
  const { loadConfig, Plugins, venuesNamed } = await import('@speed-protocol/host');
  const config = await loadConfig({ file: configFile });
  const directories = [process.cwd(), APP_DIRECTORY];
  const conditions = process.execArgv.includes('--conditions=@speed/source') ? ['@speed/source'] : [];
  const named = venuesNamed(config);
  return { plugins: await Plugins.discover({ directories, packages: config.plugins, conditions, named }), config };
}

/**
 * The plugin of a venue that was named on the command line.
 * @throws UsageError naming the venue, the nearest installed one, and how to install more
 */
export function findVenue(plugins: Plugins, venue: string): PluginInfo {
  try {
    return plugins.find(venue);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/**
 * The manifest of a venue that was named on the command line.
 * @throws UsageError as {@link findVenue}; SpeedError `config` when its plugin is refused
 */
export async function requireVenue(plugins: Plugins, venue: string): Promise<ExchangeManifest> {
  findVenue(plugins, venue);
  return plugins.manifest(venue);
}

/** A connector for public data of one venue, as configured, with the command line's wishes on top. */
export async function connectVenue(installed: Installed, venue: string, reach: Reach, signal: AbortSignal): Promise<Connector> {
  const manifest = await requireVenue(installed.plugins, venue);
  return manifest.create(venue, { config: venueConfig(installed, venue, reach), signal }) as Connector;
}

/** A venue's settings as configured, with the command line's wishes on top. */
export function venueConfig({ config }: Installed, venue: string, reach: Reach): Record<string, unknown> {
  return { ...config.venues[venue], ...reachConfig(reach) };
}

function reachConfig({ environment, origin }: Reach): Record<string, unknown> {
  if (origin !== undefined) return { environment: 'sim', origin };
  return environment === undefined ? {} : { environment };
}
