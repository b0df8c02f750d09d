import { API_VERSION, nearest, type PluginKind } from '@speed-protocol/core';
import type { PackageFile } from './package-file.js';

/** An installed plugin, as its package.json describes it; nothing of it has been imported. */
export interface PluginInfo {
  readonly package: string;
  readonly version: string;
  readonly directory: string;
  readonly kind: PluginKind;
  readonly api: number;
  /** Venue ids of an exchange plugin; empty for other kinds. Those of a family are here when the configuration names them. */
  readonly venues: readonly string[];
  /** How ids begin that the plugin has without listing them, e.g. `ccxt:`. */
  readonly families: readonly string[];
  /** Subpath of the simulator's dialect, e.g. `./sim`. */
  readonly sim?: string;
  readonly exports: unknown;
}

export interface RefusedPlugin {
  readonly package: string;
  /** Which package, what was found, what is needed, what to do. */
  readonly reason: string;
}

/** Ends an id that stands for all that begin like it. */
export const ANY = '*';

/** True when the venue is one of those that the plugin has without listing them. */
export function isOfFamily({ families }: Pick<PluginInfo, 'families'>, venue: string): boolean {
  return families.some((prefix) => venue.length > prefix.length && venue.startsWith(prefix));
}

const KINDS = ['exchange', 'persister', 'bus'] as const satisfies readonly PluginKind[];

/** A plugin, a refusal, or `undefined` for a package that does not claim to be a plugin. */
export function readMarker(file: PackageFile): PluginInfo | RefusedPlugin | undefined {
  const { name, version, speed } = file.json;
  if (typeof name !== 'string' || typeof speed !== 'object' || speed === null) return undefined;
  const at = { package: name, version: typeof version === 'string' ? version : '(no version)' };
  const marker = speed as Record<string, unknown>;
  const reason = refusal(`${at.package} ${at.version}`, marker);
  if (reason !== undefined) return { package: name, reason };
  const ids = (marker['venues'] as string[] | undefined) ?? [];
  return {
    ...at,
    directory: file.directory,
    kind: marker['kind'] as PluginKind,
    api: API_VERSION,
    venues: ids.filter((id) => !id.endsWith(ANY)),
    families: ids.filter((id) => id.endsWith(ANY)).map((id) => id.slice(0, -ANY.length)),
    ...(typeof marker['sim'] === 'string' && { sim: marker['sim'] }),
    exports: file.json.exports ?? file.json.main ?? './index.js',
  };
}

function refusal(name: string, { kind, api, venues }: Record<string, unknown>): string | undefined {
  if (!KINDS.includes(kind as PluginKind)) {
    const near = nearest(String(kind), KINDS);
    return `${name}: speed.kind in its package.json is ${JSON.stringify(kind)}, known are ${KINDS.join(', ')}${near ? `; did its author mean "${near}"?` : ''}`;
  }
  if (api !== API_VERSION) return apiRefusal(name, api);
  if (kind === 'exchange' && !isVenueList(venues)) {
    return `${name}: an exchange plugin lists its venue ids in its package.json, like "speed": { "venues": ["okx"] }; found ${JSON.stringify(venues)}. Report it to its author`;
  }
  return undefined;
}

const isVenueList = (venues: unknown): boolean =>
  Array.isArray(venues) && venues.length > 0 && venues.every((each) => typeof each === 'string' && each !== '' && each !== ANY);

/** Says which side is old. */
export function apiRefusal(name: string, api: unknown): string {
  const found = `${name} speaks plugin API ${JSON.stringify(api)}, this host speaks ${API_VERSION}`;
  if (typeof api === 'number' && api > API_VERSION)
    return `${found}: update the host (@speed-protocol/*), or install an older version of the plugin`;
  return `${found}: install a version of the plugin that is made for API ${API_VERSION}`;
}
