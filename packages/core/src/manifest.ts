import type { CapabilityDeclaration } from './capabilities.js';
import type { Connector, ConnectorOf } from './connector.js';
import { type Clock, type Logger, type PluginContext, silentLogger, systemClock } from './context.js';
import type { Normalizer, NormalizerOptions } from './normalizer.js';

/** Version of the contract between host and plugins; `speed.api` in a plugin's package.json must equal it. */
export const API_VERSION = 1;

export type PluginKind = 'exchange' | 'persister' | 'bus';

const BRAND = Symbol.for('speed.manifest');

/** One venue of an exchange plugin: the products of one company are rows, not copies. */
export interface VenueDeclaration<D extends CapabilityDeclaration = CapabilityDeclaration> {
  /** ccxt's id, e.g. `binanceusdm`. */
  readonly id: string;
  /** For people, e.g. `Binance USD-M futures`. */
  readonly name: string;
  readonly capabilities: D;
}

/** What a caller may leave out of a {@link PluginContext}: everything has a default. */
export interface ContextInput {
  /** The plugin's configuration as the user wrote it; checked by `parseConfig`. */
  readonly config?: unknown;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  readonly signal?: AbortSignal | undefined;
}

type VenueOf<V extends readonly VenueDeclaration[], Id> = Extract<V[number], { readonly id: Id }>;

export interface ExchangeManifest<V extends readonly VenueDeclaration[] = readonly VenueDeclaration[]> {
  readonly kind: 'exchange';
  readonly api: typeof API_VERSION;
  /** Short name of the plugin, e.g. `binance`. */
  readonly id: string;
  readonly venues: V;
  /**
   * Makes a connector. Opens nothing: the first use does.
   * @throws SpeedError `config` naming the wrong key and the nearest right one; `unsupported` on an unknown venue
   */
  create<Id extends V[number]['id']>(venue: Id, context?: ContextInput): ConnectorOf<VenueOf<V, Id>['capabilities']>;
  /** Raw frames to events without a connection, for `speed normalize`, recordings and tests. */
  createNormalizer(venue: V[number]['id'], options?: NormalizerOptions): Normalizer;
}

/** What a plugin's author writes; {@link defineExchange} adds the brand and the defaults. */
export interface ExchangeDefinition<C, V extends readonly VenueDeclaration[]> {
  readonly id: string;
  readonly venues: V;
  /** @throws SpeedError `config` naming the wrong key and the nearest right one */
  parseConfig(input: unknown): C;
  create(venue: V[number]['id'], context: PluginContext<C>): Connector;
  createNormalizer(venue: V[number]['id'], options: NormalizerOptions): Normalizer;
}

/** Brands a manifest. The type of each venue's connector follows from its capability literal. */
export function defineExchange<C, const V extends readonly VenueDeclaration[]>(
  definition: ExchangeDefinition<C, V>,
): ExchangeManifest<V> {
  const manifest = {
    kind: 'exchange',
    api: API_VERSION,
    id: definition.id,
    venues: definition.venues,
    create: (venue: V[number]['id'], context: ContextInput = {}) =>
      definition.create(venue, {
        config: definition.parseConfig(context.config ?? {}),
        logger: context.logger ?? silentLogger,
        clock: context.clock ?? systemClock,
        signal: context.signal ?? new AbortController().signal,
      }),
    createNormalizer: (venue: V[number]['id'], options: NormalizerOptions = {}) => definition.createNormalizer(venue, options),
    [BRAND]: true,
  };
  return Object.freeze(manifest) as unknown as ExchangeManifest<V>;
}

/** Ids of venues that nobody can list beforehand, e.g. of a bridge to another library: all that begin with a prefix. */
export interface ExchangeFamily {
  readonly kind: 'exchange';
  readonly api: typeof API_VERSION;
  /** Short name of the plugin, e.g. `ccxt`. */
  readonly id: string;
  /** How its venue ids begin, e.g. `ccxt:`; its package.json lists `ccxt:*`. */
  readonly prefix: string;
  /**
   * The manifest of one venue. What it needs is loaded now and not before; the same venue gives the same manifest.
   * @throws SpeedError `not-found` naming the nearest venue that there is; `config` when something needed is not installed
   */
  open(venue: string): Promise<ExchangeManifest>;
}

/** Brands a family; each venue's own manifest is made by {@link defineExchange}. */
export function defineExchangeFamily(definition: Pick<ExchangeFamily, 'id' | 'prefix' | 'open'>): ExchangeFamily {
  const opened = new Map<string, Promise<ExchangeManifest>>();
  const open = (venue: string): Promise<ExchangeManifest> => {
    const known = opened.get(venue) ?? definition.open(venue);
    opened.set(venue, known);
    // A failure is not kept: the next call tries again, perhaps with the cause gone.
    known.catch(() => opened.delete(venue));
    return known;
  };
  return Object.freeze({ ...definition, kind: 'exchange' as const, api: API_VERSION, open, [BRAND]: true });
}

/** True for the result of {@link defineExchangeFamily} of any copy of this package. */
export function isExchangeFamily(value: unknown): value is ExchangeFamily {
  return isManifest(value) && typeof (value as { readonly open?: unknown }).open === 'function';
}

/** True for the result of a `define...` call of any copy of this package. */
export function isManifest(value: unknown): value is ExchangeManifest {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
}
