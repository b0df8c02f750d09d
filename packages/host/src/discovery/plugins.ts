import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { API_VERSION, type ExchangeManifest, isExchangeFamily, isManifest, nearest, SpeedError } from '@speed-protocol/core';
import { candidates } from './candidates.js';
import { resolveExport } from './exports.js';
import { ANY, apiRefusal, isOfFamily, type PluginInfo, type RefusedPlugin, readMarker } from './marker.js';
import { findInstalled, type PackageFile } from './package-file.js';

export interface DiscoveryOptions {
  /** Directories of the app and of the project that it runs in; the first that has a plugin wins. */
  readonly directories: readonly string[];
  /** More packages by name, from the configuration. */
  readonly packages?: readonly string[] | undefined;
  /** More export conditions besides `node` and `import`; the sources' own in tests. */
  readonly conditions?: readonly string[] | undefined;
  /** Venues that exist for this host, whatever else is installed; default: all. */
  readonly venues?: readonly string[] | undefined;
  /** Venue ids that the configuration names: those of a family are listed then like any other. */
  readonly named?: readonly string[] | undefined;
}

/** Installed plugins. Listing imports nothing; a plugin is imported when one of its venues is first used. */
export class Plugins {
  readonly #infos: PluginInfo[] = [];
  readonly #refused = new Map<string, RefusedPlugin>();
  readonly #loaded = new Map<string, Promise<unknown>>();
  readonly #conditions: ReadonlySet<string>;

  private constructor(
    conditions: readonly string[],
    private readonly only: readonly string[] | undefined,
    private readonly named: readonly string[],
  ) {
    this.#conditions = new Set(['node', 'import', 'module-sync', ...conditions]);
  }

  /** Reads the package.json files of everything that could be a plugin. */
  static async discover(options: DiscoveryOptions): Promise<Plugins> {
    const { directories, packages = [], conditions = [], venues, named = [] } = options;
    const plugins = new Plugins(conditions, venues, named);
    for (const name of packages) plugins.#addNamed(name, await findFirst(name, directories));
    const found = await Promise.all(directories.map(candidates));
    for (const file of found.flat()) plugins.#add(readMarker(file));
    return plugins;
  }

  get list(): readonly PluginInfo[] {
    return this.#infos;
  }

  /** Found but not used, each with a reason. Grows when an import fails. */
  get refused(): readonly RefusedPlugin[] {
    return [...this.#refused.values()];
  }

  get venues(): readonly string[] {
    return this.#infos.flatMap(({ venues }) => venues);
  }

  /**
   * The plugin that has a venue.
   * @throws SpeedError `not-found` naming the venue, the nearest installed one, and what to install
   */
  find(venue: string): PluginInfo {
    const info =
      this.#infos.find(({ venues }) => venues.includes(venue)) ?? this.#infos.find((each) => this.#mayHave(each, venue));
    if (!info) throw this.#notFound(venue);
    return info;
  }

  /**
   * The manifest of a venue's plugin, imported at the first call and checked.
   * @throws SpeedError `not-found`; `config` when the plugin is refused, saying why
   */
  async manifest(venue: string): Promise<ExchangeManifest> {
    const info = this.find(venue);
    const manifest = await this.import(info);
    const reason = manifestRefusal(info, manifest);
    if (reason !== undefined) throw this.#refuse(info, reason);
    return isExchangeFamily(manifest) ? manifest.open(venue) : (manifest as ExchangeManifest);
  }

  /**
   * The default export of a plugin's main module or of another subpath that it exports, e.g. `./sim`.
   * @throws SpeedError `config` naming the package and why it could not be imported
   */
  import(info: PluginInfo, subpath = '.'): Promise<unknown> {
    const key = `${info.directory} ${subpath}`;
    const known = this.#loaded.get(key) ?? this.#import(info, subpath);
    this.#loaded.set(key, known);
    return known;
  }

  /**
   * Where a plugin's module is, for a thread that imports it itself.
   * @throws SpeedError `config` when the plugin exports nothing there
   */
  moduleUrl(info: PluginInfo, subpath = '.'): string {
    const file = resolveExport(info.exports, subpath, this.#conditions);
    if (file === undefined) throw this.#refuse(info, `its package.json exports nothing for "${subpath}"`);
    return pathToFileURL(join(info.directory, file)).href;
  }

  async #import(info: PluginInfo, subpath: string): Promise<unknown> {
    const url = this.moduleUrl(info, subpath);
    try {
      const module = (await import(url)) as { readonly default?: unknown };
      return module.default;
    } catch (error) {
      const file = relative(info.directory, fileURLToPath(url));
      throw this.#refuse(info, `importing ./${file} failed: ${error instanceof Error ? error.message : error}`, error);
    }
  }

  #add(marker: PluginInfo | RefusedPlugin | undefined): void {
    if (!marker || this.#infos.some((known) => known.package === marker.package)) return;
    if ('reason' in marker) this.#refused.set(marker.package, marker);
    else if (!this.#refuseTwice(marker)) this.#take(marker);
  }

  #take(info: PluginInfo): void {
    const named = this.named.filter((venue) => isOfFamily(info, venue));
    const venues = [...new Set([...info.venues, ...named])].filter((venue) => this.only?.includes(venue) ?? true);
    const isOpen = info.families.length > 0 && this.only === undefined;
    if (venues.length > 0 || isOpen || info.kind !== 'exchange') this.#infos.push({ ...info, venues });
  }

  #mayHave(info: PluginInfo, venue: string): boolean {
    return isOfFamily(info, venue) && (this.only?.includes(venue) ?? true);
  }

  #addNamed(name: string, file: PackageFile | undefined): void {
    const reason = `${name} is in the list of plugins but is not installed: npm install ${name}, or take it off the list`;
    if (!file) this.#refused.set(name, { package: name, reason });
    else this.#add(readMarker(file) ?? { package: name, reason: `${name} is no plugin: its package.json has no "speed" entry` });
  }

  /** Two plugins for one venue: the first stays, the second is refused by name. */
  #refuseTwice(info: PluginInfo): boolean {
    for (const venue of idsOf(info)) {
      const other = this.#infos.find((each) => idsOf(each).includes(venue));
      if (!other) continue;
      const reason = `${info.package} ${info.version}: venue "${venue}" is already provided by ${other.package} ${other.version}; uninstall one of the two`;
      this.#refused.set(info.package, { package: info.package, reason });
      return true;
    }
    return false;
  }

  #refuse(info: PluginInfo, why: string, cause?: unknown): SpeedError {
    const reason = why.startsWith(info.package) ? why : `${info.package} ${info.version}: ${why}`;
    this.#refused.set(info.package, { package: info.package, reason });
    return new SpeedError('config', reason, { cause });
  }

  #notFound(venue: string): SpeedError {
    const near = nearest(venue, this.venues);
    const refused = this.refused.map(({ reason }) => reason).join('; ');
    const ids = this.#infos.flatMap(idsOf);
    const installed = ids.length > 0 ? `Installed: ${ids.join(', ')}.` : 'No exchange plugin is installed.';
    return new SpeedError(
      'not-found',
      `No installed plugin has a venue "${venue}"${near ? `; did you mean "${near}"?` : '.'} ${installed} ` +
        `Install one with npm install @speed-protocol/exchange-NAME.${refused ? ` Refused: ${refused}` : ''}`,
      { venue },
    );
  }
}

/** As the package.json lists them, `ccxt:*` for a family. */
function idsOf({ venues, families }: Pick<PluginInfo, 'venues' | 'families'>): readonly string[] {
  return [...venues, ...families.map((prefix) => `${prefix}${ANY}`)];
}

async function findFirst(name: string, directories: readonly string[]): Promise<PackageFile | undefined> {
  for (const directory of directories) {
    const found = await findInstalled(name, directory);
    if (found) return found;
  }
  return undefined;
}

function manifestRefusal(info: PluginInfo, manifest: unknown): string | undefined {
  const name = `${info.package} ${info.version}`;
  if (!isManifest(manifest)) {
    return `${name}: its default export is no manifest made by defineExchange() of @speed-protocol/core; report it to its author`;
  }
  if (manifest.api !== API_VERSION) return apiRefusal(name, manifest.api);
  if (manifest.kind !== info.kind) return `${name}: package.json says "${info.kind}", the manifest says "${manifest.kind}"`;
  const has = isExchangeFamily(manifest) ? [`${manifest.prefix}${ANY}`] : manifest.venues.map(({ id }) => id);
  const listed = idsOf({ ...info, venues: info.venues.filter((venue) => !isOfFamily(info, venue)) });
  const missing = listed.find((id) => !has.includes(id));
  if (missing === undefined) return undefined;
  return `${name}: package.json lists venue "${missing}", the manifest has ${has.join(', ')}`;
}
