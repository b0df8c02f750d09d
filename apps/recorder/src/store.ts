import {
  type ContextInput,
  isPersisterManifest,
  locationScheme,
  type Persister,
  type PersisterManifest,
  SpeedError,
} from '@speed-protocol/core';
import type { Plugins } from '@speed-protocol/host';

/** A persister plugin and where its module is, for a thread that has to import it again. */
export interface FoundPersister {
  readonly manifest: PersisterManifest;
  /** URL of the plugin's main module. */
  readonly url: string;
}

/**
 * The installed persister for a location: `./data` is a folder, `s3://bucket/prefix` a bucket.
 * @throws SpeedError `not-found` naming the scheme and what to install
 */
export async function findPersister(plugins: Plugins, location: string): Promise<FoundPersister> {
  const scheme = locationScheme(location);
  const schemes: string[] = [];
  for (const info of plugins.list.filter(({ kind }) => kind === 'persister')) {
    const manifest = await plugins.import(info);
    if (!isPersisterManifest(manifest)) continue;
    if (manifest.schemes.includes(scheme)) return { manifest, url: plugins.moduleUrl(info) };
    schemes.push(...manifest.schemes);
  }
  const known =
    schemes.length > 0 ? `Installed stores: ${schemes.map((each) => `${each}://`).join(', ')}.` : 'No store is installed.';
  throw new SpeedError(
    'not-found',
    `No installed plugin stores to "${location}". ${known} Install one with npm install @speed-protocol/persister-NAME.`,
  );
}

/** Opens a store. Settings are the plugin's own. */
export async function openStore(plugins: Plugins, location: string, context: ContextInput = {}): Promise<Persister> {
  return (await findPersister(plugins, location)).manifest.create(location, context);
}
