import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LAYOUTS, type Layout } from './layouts.js';
import { namesOf } from './names.js';
import { render } from './render.js';

const TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url));

/** What can be made, and the folder of the workspace that it belongs in. */
export const KINDS = {
  exchange: 'plugins/exchange-',
} as const;
export type Kind = keyof typeof KINDS;

export interface ScaffoldOptions {
  readonly kind: Kind;
  /** Small letters and digits, e.g. `okx`. */
  readonly name: string;
  /** `workspace`: a package of this repository. `standalone`: one that stands alone. Default `workspace`. */
  readonly layout?: Layout;
  /** Of the packages that it is written for; default: that of this one. */
  readonly version?: string;
}

/**
 * Files of a new package, by path below its folder. Touches nothing.
 * @throws RangeError when the name cannot be one
 */
export function scaffold({
  kind,
  name,
  layout = 'workspace',
  version = ownVersion(),
}: ScaffoldOptions): ReadonlyMap<string, string> {
  const { values, files } = LAYOUTS[layout]({ kind, names: namesOf(name), version });
  const folder = path.join(TEMPLATES, kind);
  const rendered = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map(
      (file) => [toPosix(file).replace(/\.tmpl$/, ''), render(readFileSync(path.join(folder, file), 'utf8'), values)] as const,
    );
  return new Map([...rendered, ...files]);
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}

function toPosix(file: string): string {
  return file.split(path.sep).join('/');
}
