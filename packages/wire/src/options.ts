import { nearest, Secret, SpeedError } from '@speed-protocol/core';

/** Reads one value of a configuration; `path` is for the message, e.g. `urls.rest`. */
export type Option<T> = (value: unknown, path: string) => T;

export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** What a table reads. */
export type OptionsOf<T extends OptionTable> = { readonly [K in keyof T]: T[K] extends Option<infer V> ? V : never };

/**
 * Reads a plugin's configuration by a table: every key of the table is read, any other is refused.
 * @param where names the configuration in messages, e.g. `binance`
 * @throws SpeedError `config` naming the key, what is wrong with it, and the nearest right one
 */
export function parseOptions<const T extends OptionTable>(input: unknown, table: T, where: string): OptionsOf<T> {
  return objectOf(table)(input, where);
}

/** A nested table. */
function objectOf<const T extends OptionTable>(table: T): Option<OptionsOf<T>> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, 'an object', value);
    const given = value as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(given)) if (!Object.hasOwn(table, key)) throw unknownKey(path, key, Object.keys(table));
    const read = Object.entries(table).map(([key, option]) => [key, option(given[key], `${path}.${key}`)] as const);
    return Object.fromEntries(read.filter(([, part]) => part !== undefined)) as OptionsOf<T>;
  };
}

function optional<T>(option: Option<T>): Option<T | undefined> {
  return (value, path) => (value === undefined || value === null ? undefined : option(value, path));
}

function withDefault<T>(option: Option<T>, byDefault: T): Option<T> {
  return (value, path) => (value === undefined || value === null ? byDefault : option(value, path));
}

function choice<const C extends readonly string[]>(choices: C): Option<C[number]> {
  return (value, path) => {
    if (typeof value === 'string' && choices.includes(value)) return value;
    const near = typeof value === 'string' ? nearest(value, choices) : undefined;
    throw wrong(path, `one of ${choices.join(', ')}`, value, near === undefined ? '' : `; did you mean "${near}"?`);
  };
}

const text: Option<string> = (value, path) => {
  if (typeof value === 'string' && value !== '') return value;
  throw wrong(path, 'text', value);
};

/** Text of one form. @param wanted the form in words, for the message */
function matching(pattern: RegExp, wanted: string): Option<string> {
  return (value, path) => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw wrong(path, wanted, value);
  };
}

/** Text that must never be printed; also takes a {@link Secret} that somebody has already wrapped. */
const secret: Option<Secret> = (value, path) => {
  if (value instanceof Secret) return value;
  if (typeof value === 'string' && value !== '') return new Secret(value);
  throw new SpeedError('config', `${path} must be text and is ${typeof value}`);
};

function integer(min: number, max: number): Option<number> {
  return (value, path) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw wrong(path, `a whole number from ${min} to ${max}`, value);
  };
}

/** A URL of one of the given schemes, e.g. `['https:', 'http:']`; without user, query and fragment, no trailing slash. */
function url(schemes: readonly string[]): Option<string> {
  return (value, path) => {
    const parsed = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
    const clean = parsed && parsed.username === '' && parsed.search === '' && parsed.hash === '';
    if (clean && schemes.includes(parsed.protocol)) return parsed.href.replace(/\/+$/, '');
    const shown = typeof value === 'string' ? value.replace(/\/\/[^/]*@/, '//***@') : value;
    throw wrong(path, `a URL such as ${schemes.map((scheme) => `"${scheme}//host:port"`).join(' or ')}`, shown);
  };
}

/** The kinds of values that a configuration may hold. */
export const option = { text, matching, secret, integer, url, choice, optional, withDefault, objectOf } as const;

function wrong(path: string, wanted: string, value: unknown, advice = ''): SpeedError {
  const got = value === undefined ? 'missing' : (JSON.stringify(value) ?? typeof value);
  return new SpeedError('config', `${path} must be ${wanted} and is ${got.slice(0, 60)}${advice}`);
}

function unknownKey(path: string, key: string, known: readonly string[]): SpeedError {
  const near = nearest(key, known);
  const advice = near === undefined ? `it knows ${known.join(', ')}` : `did you mean "${near}"?`;
  return new SpeedError('config', `${path} has no option "${key}"; ${advice}`);
}
