/** Where a value of the configuration came from, for messages. */
export interface EnvironmentValue {
  readonly variable: string;
  readonly path: readonly string[];
  readonly text: string;
}

/**
 * Configuration in environment variables: `SPEED_SERVER__PORT=9000` is `server.port`, `SPEED_SERVER__BOOK_INTERVAL_MS` is
 * `server.bookIntervalMs`, `SPEED_VENUES__BINANCE__ENVIRONMENT` is `venues.binance.environment`. Two underscores go one level down;
 * variables without any are not configuration.
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): EnvironmentValue[] {
  return Object.entries(env).flatMap(([variable, text]) => {
    if (!variable.startsWith('SPEED_') || text === undefined) return [];
    const path = variable.slice('SPEED_'.length).split('__').map(camelCase);
    return path.length > 1 && path.every((key) => key !== '') ? [{ variable, path, text }] : [];
  });
}

const camelCase = (segment: string): string =>
  segment.toLowerCase().replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Puts a value into a plain object, making what is missing on the way. */
export function setPath(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = target;
  for (const key of path.slice(0, -1)) {
    const inner = Object.hasOwn(at, key) ? at[key] : undefined;
    const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
    define(at, key, next);
    at = next;
  }
  define(at, path.at(-1) as string, value);
}

// Defined, not assigned: a variable named SPEED___PROTO____X must not reach a prototype.
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
