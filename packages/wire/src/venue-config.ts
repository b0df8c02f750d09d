import { SpeedError } from '@speed-protocol/core';
import { type OptionsOf, type OptionTable, option, parseOptions } from './options.js';
import { assertAllowedHost, hostOf } from './rest/hosts.js';

/** Origins of a venue by name, e.g. `rest`, `ws`; paths come from the plugin's tables. */
export type Origins<U extends string> = { readonly [K in U]: string | undefined };

/** What the configuration of every exchange holds besides the plugin's own options. */
export interface CommonConfig<E extends string = string, U extends string = string> {
  /** Which exchange. Credentials belong to one environment and never leave it. */
  readonly environment: E | 'sim';
  /** `sim`: where the simulator is, e.g. `http://127.0.0.1:4000`; REST and streams share it. */
  readonly origin?: string | undefined;
  /** Single overrides, within the environment's hosts. */
  readonly urls?: Partial<Origins<U>> | undefined;
  /** For one REST sending or one call on a socket, connection to last byte, ms. */
  readonly timeoutMs: number;
}

/** Where a venue is hosted in one environment. */
export interface Hosted<U extends string> {
  readonly origins: Origins<U>;
  /** Further hosts that an override may name. */
  readonly moreHosts?: readonly string[] | undefined;
  /** Names the environment in ids of shared things, e.g. of rate gates. */
  readonly place: string;
}

/** Where a venue is reached, and the only hosts that its connector may talk to. */
export type Resolved<U extends string> = Origins<U> & {
  readonly rest: string;
  readonly ws: string;
  readonly allowedHosts: readonly string[];
  /** For a simulator its machine without the port: venues of one company have a port each, and share allowances. */
  readonly place: string;
};

export interface VenueConfigSpec<V extends string, E extends string, U extends string, O extends OptionTable> {
  /** Names the configuration in messages, e.g. `okx`. */
  readonly plugin: string;
  readonly venues: readonly V[];
  /** Where keys are good; `sim` is one everywhere. The first is the default where there are no keys. */
  readonly environments: readonly E[];
  /** Names of the origins: `rest`, `ws`, and whatever else the venue has. */
  readonly origins: readonly U[];
  /** The plugin's own. */
  readonly options: O;
  /** Options that make up credentials: all of one set, or none. */
  readonly credentials: { readonly sets: readonly (readonly (keyof O & string)[])[]; readonly text: string };
  hosted(config: OptionsOf<O>, environment: E, venue: V): Hosted<U>;
  /** Domains of the company. No simulator lives there, so no simulator's credential may go there. */
  readonly companyDomains: readonly string[];
}

export type ConfigOf<E extends string, U extends string, O extends OptionTable> = CommonConfig<E, U> & OptionsOf<O>;

export interface VenueConfigs<V extends string, E extends string, U extends string, O extends OptionTable> {
  /**
   * Checks the configuration as the user wrote it.
   * @throws SpeedError `config` naming the wrong key and the nearest right one
   */
  parseConfig(input: unknown): ConfigOf<E, U, O>;
  /**
   * Origins and allow-list of a venue under a configuration.
   * @throws SpeedError `config` when an override names a host outside the environment
   */
  resolveVenue(config: ConfigOf<E, U, O>, venue: V): Resolved<U>;
  /** Why nothing of an account can be asked; `undefined` when there are credentials. */
  missingCredentials(config: ConfigOf<E, U, O>, venue: V): string | undefined;
}

const http = option.url(['http:', 'https:']);
const ws = option.url(['ws:', 'wss:']);

/** The configuration of a plugin, from a table of its environments. */
export function defineConfig<const V extends string, const E extends string, const U extends string, const O extends OptionTable>(
  spec: VenueConfigSpec<V, E, U, O>,
): VenueConfigs<V, E, U, O> {
  const urls = Object.fromEntries(spec.origins.map((name) => [name, option.optional(name === 'rest' ? http : ws)]));
  const table = {
    environment: option.optional(option.choice([...spec.environments, 'sim'])),
    origin: option.optional(http),
    urls: option.optional(option.objectOf(urls)),
    timeoutMs: option.withDefault(option.integer(1, 600_000), 10_000),
    ...spec.options,
  };
  const resolveVenue = (config: ConfigOf<E, U, O>, venue: V): Resolved<U> =>
    config.environment === 'sim' ? simulated(spec, config) : hosted(spec, config, config.environment, venue);
  return {
    parseConfig(input) {
      const given = parseOptions(input, table, spec.plugin) as Partial<CommonConfig<E, U>> & OptionsOf<O>;
      assertCredentials(spec, given);
      const environment = given.environment ?? (given.origin === undefined ? spec.environments[0]! : 'sim');
      if (given.origin !== undefined && environment !== 'sim') throw misplacedOrigin(spec.plugin, environment);
      const config = { ...given, environment } as ConfigOf<E, U, O>;
      for (const venue of spec.venues) resolveVenue(config, venue);
      return config;
    },
    resolveVenue,
    missingCredentials(config, venue) {
      if (spec.credentials.sets.some((set) => set.every((name) => config[name] !== undefined))) return undefined;
      const where = `environment and credentials (${spec.credentials.text}) of the exchange "${spec.plugin}"`;
      return `${venue} needs credentials: put ${where} in the configuration`;
    },
  };
}

type AnySpec<U extends string> = Pick<VenueConfigSpec<string, string, U, OptionTable>, 'plugin' | 'origins' | 'companyDomains'>;

function assertCredentials(
  {
    plugin,
    environments,
    credentials,
  }: Pick<VenueConfigSpec<string, string, string, OptionTable>, 'plugin' | 'environments' | 'credentials'>,
  config: Readonly<Record<string, unknown>>,
): void {
  const names = new Set(credentials.sets.flat());
  const given = [...names].filter((name) => config[name] !== undefined);
  if (given.length === 0) return;
  const isSet = credentials.sets.some((set) => set.length === given.length && set.every((name) => given.includes(name)));
  if (!isSet) throw new SpeedError('config', `${plugin} credentials are ${credentials.text}`);
  if (config['environment'] !== undefined) return;
  const choices = [...environments, 'sim'].join(', ');
  throw new SpeedError('config', `${plugin}.environment must be given with credentials: one of ${choices}`);
}

function misplacedOrigin(plugin: string, environment: string): SpeedError {
  const why = `${plugin}.origin is for the environment "sim"; in "${environment}" override single urls instead`;
  return new SpeedError('config', why);
}

function hosted<V extends string, E extends string, U extends string, O extends OptionTable>(
  spec: VenueConfigSpec<V, E, U, O>,
  config: ConfigOf<E, U, O>,
  environment: E,
  venue: V,
): Resolved<U> {
  const { origins: standard, moreHosts = [], place } = spec.hosted(config, environment, venue);
  const origins = { ...standard, ...config.urls } as Origins<U>;
  const allowedHosts = [...hostsOf(standard), ...moreHosts];
  for (const origin of given(origins)) assertAllowedHost(origin, allowedHosts);
  return { ...origins, allowedHosts, place } as unknown as Resolved<U>;
}

function simulated<U extends string>(spec: AnySpec<U>, { origin, urls }: CommonConfig<string, U>): Resolved<U> {
  const given: Partial<Record<string, string | undefined>> = urls ?? {};
  const rest = given['rest'] ?? origin;
  const stream = given['ws'] ?? origin?.replace(/^http/, 'ws');
  if (rest === undefined || stream === undefined) throw homeless(spec.plugin);
  const byName = spec.origins.map((name) => [name, given[name] ?? (name === 'rest' ? rest : stream)] as const);
  const origins = Object.fromEntries(byName) as Origins<U>;
  const allowedHosts = hostsOf(origins);
  for (const host of allowedHosts) assertNotVenue(host, spec.companyDomains);
  return { ...origins, allowedHosts, place: new URL(rest).hostname } as unknown as Resolved<U>;
}

function homeless(plugin: string): SpeedError {
  const where = `${plugin}.origin, e.g. "http://127.0.0.1:4000", or both ${plugin}.urls.rest and ${plugin}.urls.ws`;
  return new SpeedError('config', `the environment "sim" needs ${where}`);
}

function given<U extends string>(origins: Origins<U>): readonly string[] {
  return Object.values<string | undefined>(origins).filter((origin) => origin !== undefined);
}

function hostsOf<U extends string>(origins: Origins<U>): readonly string[] {
  return given(origins).map(hostOf);
}

function assertNotVenue(host: string, domains: readonly string[]): void {
  const name = host.replace(/:\d+$/, '').replace(/\.$/, '');
  const domain = domains.find((each) => name === each || name.endsWith(`.${each}`));
  if (domain === undefined) return;
  throw new SpeedError('config', `the environment "sim" has no hosts of ${domain}; "${host}" belongs to the exchange itself`);
}
