import type { CallOptions } from './connector.js';
import { type Clock, type Logger, type PluginContext, silentLogger, systemClock } from './context.js';
import { API_VERSION, type ContextInput } from './manifest.js';

/** One object in a store. */
export interface StoredObject {
  /** Path below the store's root: segments joined by `/`, never leading or trailing. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

export interface PutOptions extends CallOptions {
  /** Refuse to replace: the answer is `exists` and nothing changes. */
  readonly ifAbsent?: boolean | undefined;
}

/** Half-open byte range `[start, end)`; an end beyond the object is cut. */
export interface ByteRange {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/**
 * A place for immutable objects: a folder, a bucket. The smallest set of operations that history needs.
 *
 * A `put` is atomic and durable: when it resolves, the whole object is there and stays there; when it fails or the
 * process dies, readers see the old state, never half an object.
 * Errors are SpeedErrors that name the location and the remedy: `config` (no such bucket, not a folder),
 * `unauthorized`, `not-found`, `connection`, `timeout`, `unavailable` (try again later; `disk full` is one).
 */
export interface Persister extends AsyncDisposable {
  /** The root, for people: `file:///data`, `s3://bucket/prefix`. Holds no secret. */
  readonly location: string;
  /** Proves that the location can be read and written; leaves nothing behind. */
  check(options?: CallOptions): Promise<void>;
  put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions): Promise<'stored' | 'exists'>;
  /** @throws SpeedError `not-found` naming the key */
  get(key: string, options?: ByteRange & CallOptions): Promise<Uint8Array>;
  /** Bytes of the object, or `undefined` when there is none. */
  size(key: string, options?: CallOptions): Promise<number | undefined>;
  /** Objects whose key begins with `prefix`, ordered by key (UTF-16 code units). */
  list(prefix: string, options?: CallOptions): AsyncIterable<StoredObject>;
  /** Removing what is not there is fine. */
  remove(key: string, options?: CallOptions): Promise<void>;
}

export interface PersisterContextInput extends ContextInput {
  /** The thread that uses the store has nothing else to do and may be kept waiting in it. Default false. */
  readonly mayBlock?: boolean | undefined;
}

export interface PersisterContext<C> extends PluginContext<C> {
  /** A call may wait for the disk right here, which spares other threads; else it must let the thread go on. */
  readonly mayBlock: boolean;
}

export interface PersisterManifest {
  readonly kind: 'persister';
  readonly api: typeof API_VERSION;
  /** Short name of the plugin, e.g. `s3`. */
  readonly id: string;
  /** URL schemes it serves, e.g. `['s3']`; a path without a scheme is `file`. */
  readonly schemes: readonly string[];
  /**
   * Makes a store. Opens nothing: the first use does.
   * @param location a path or URL, e.g. `./data`, `s3://bucket/prefix`
   * @throws SpeedError `config` naming the wrong key or the malformed location
   */
  create(location: string, context?: PersisterContextInput): Persister;
}

/** What a plugin's author writes; {@link definePersister} adds the brand and the defaults. */
export interface PersisterDefinition<C> {
  readonly id: string;
  readonly schemes: readonly string[];
  /** @throws SpeedError `config` naming the wrong key and the nearest right one */
  parseConfig(input: unknown): C;
  create(location: string, context: PersisterContext<C>): Persister;
}

const BRAND = Symbol.for('speed.manifest');

/** Brands a persister's manifest. */
export function definePersister<C>(definition: PersisterDefinition<C>): PersisterManifest {
  const defaults: { logger: Logger; clock: Clock } = { logger: silentLogger, clock: systemClock };
  return Object.freeze({
    kind: 'persister' as const,
    api: API_VERSION,
    id: definition.id,
    schemes: definition.schemes,
    create: (location: string, context: PersisterContextInput = {}) =>
      definition.create(location, {
        config: definition.parseConfig(context.config ?? {}),
        logger: context.logger ?? defaults.logger,
        clock: context.clock ?? defaults.clock,
        signal: context.signal ?? new AbortController().signal,
        mayBlock: context.mayBlock ?? false,
      }),
    [BRAND]: true,
  });
}

/** True for the result of {@link definePersister} of any copy of this package. */
export function isPersisterManifest(value: unknown): value is PersisterManifest {
  if (typeof value !== 'object' || value === null) return false;
  return (value as Record<symbol, unknown>)[BRAND] === true && (value as { kind?: unknown }).kind === 'persister';
}

/** Scheme of a location: `s3` of `s3://bucket/x`; a plain path has `file`. */
export function locationScheme(location: string): string {
  return /^([a-z][a-z0-9+.-]+):\/\//i.exec(location)?.[1]?.toLowerCase() ?? 'file';
}
