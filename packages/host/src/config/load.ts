import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { SpeedError } from '@speed-protocol/core';
import type { z } from 'zod';
import type { ConfigDocument } from './document.js';
import { type EnvironmentValue, readEnvironment, setPath } from './environment.js';
import { explain, type Problem } from './explain.js';
import type { ConfigOf, HostConfig, Sections } from './schema.js';

export interface LoadConfigOptions<S extends Sections> {
  /** The file; default: `SPEED_CONFIG`, else the first of speed.yaml, speed.yml, speed.json in `directory`, else none. */
  readonly file?: string | undefined;
  /** Default: the working directory. */
  readonly directory?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The app's own sections. */
  readonly sections?: S | undefined;
  /** Wins over file and environment: what was said on the command line. */
  readonly overrides?: Readonly<Record<string, unknown>> | undefined;
}

const FILES = ['speed.yaml', 'speed.yml', 'speed.json'];

/** What a host works with when nothing is configured. */
export const DEFAULT_CONFIG: HostConfig = Object.freeze({
  plugins: [],
  venues: {},
  accounts: {},
  log: { level: 'info' as const },
});

/**
 * The configuration from file, environment and overrides, checked. zod and the YAML parser are loaded only when there
 * is something to check.
 * @throws SpeedError `config` naming the file with line and column (or the variable), the wrong key and the nearest right one
 */
export async function loadConfig<S extends Sections = Record<never, never>>(
  options: LoadConfigOptions<S> = {},
): Promise<ConfigOf<S>> {
  const { env = process.env, sections = {}, overrides = {} } = options;
  const file = options.file ?? env['SPEED_CONFIG'] ?? (await defaultFile(options.directory ?? process.cwd()));
  const variables = readEnvironment(env);
  if (file === undefined && variables.length === 0 && Object.keys({ ...sections, ...overrides }).length === 0) {
    return DEFAULT_CONFIG as ConfigOf<S>;
  }
  const document = file === undefined ? undefined : await (await import('./document.js')).readDocument(file);
  const { hostSchema } = await import('./schema.js');
  return check(hostSchema(sections), document, variables, overrides) as ConfigOf<S>;
}

async function defaultFile(directory: string): Promise<string | undefined> {
  for (const name of FILES) {
    const file = join(directory, name);
    const found = await access(file).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}

function check(
  schema: z.ZodType,
  document: ConfigDocument | undefined,
  variables: readonly EnvironmentValue[],
  overrides: Readonly<Record<string, unknown>>,
): unknown {
  const input = structuredClone(document?.data ?? {});
  for (const { path, text } of variables) setPath(input, path, text);
  for (const [path, value] of leaves(overrides)) setPath(input, path, value);
  const first = schema.safeParse(input);
  if (first.success) return first.data;
  // Variables are text: where the schema wants a number, a flag or a list, read the text as JSON and look again.
  for (const { path, text } of variables) if (isAt(first.error, path)) setPath(input, path, parseJson(text));
  const second = schema.safeParse(input);
  if (second.success) return second.data;
  throw configError(explain(second.error, schema), document, variables);
}

function* leaves(
  value: Readonly<Record<string, unknown>>,
  path: readonly string[] = [],
): Generator<[readonly string[], unknown]> {
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner))
      yield* leaves(inner as Record<string, unknown>, [...path, key]);
    else yield [[...path, key], inner];
  }
}

const isAt = (error: z.ZodError, path: readonly string[]): boolean =>
  error.issues.some((issue) => issue.path.length === path.length && issue.path.every((key, i) => key === path[i]));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function configError(
  problems: readonly Problem[],
  document: ConfigDocument | undefined,
  variables: readonly EnvironmentValue[],
): SpeedError {
  const lines = problems.map(({ path, message }) => `${place(path, document, variables)}: ${message}`);
  return new SpeedError('config', lines.join('\n'));
}

function place(
  path: readonly PropertyKey[],
  document: ConfigDocument | undefined,
  variables: readonly EnvironmentValue[],
): string {
  const within = (each: EnvironmentValue) =>
    path.every((key, i) => each.path[i] === key) || each.path.every((key, i) => path[i] === key);
  return variables.find(within)?.variable ?? document?.locate(path) ?? 'configuration';
}
