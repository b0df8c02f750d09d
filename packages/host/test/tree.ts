import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Writes files (objects as JSON, `{ link }` as a symbolic link) into a new directory, which `remove()` deletes. */
export function tree(files: Record<string, string | object>) {
  const root = mkdtempSync(join(tmpdir(), 'speed-host-'));
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (typeof content === 'object' && 'link' in content) symlinkSync(join(root, String(content.link)), file, 'dir');
    else writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return { root, at: (path: string) => join(root, path), remove: () => rmSync(root, { recursive: true, force: true }) };
}

export interface FakePlugin {
  readonly name: string;
  readonly venues?: unknown;
  readonly kind?: unknown;
  readonly api?: unknown;
  readonly manifestApi?: number;
  readonly manifestVenues?: readonly string[];
  readonly source?: string;
}

/** Files of a plugin package under `directory`. Its connectors count themselves in a global, by venue. */
export function plugin(directory: string, fake: FakePlugin): Record<string, string | object> {
  const { name, venues = ['fake'], kind = 'exchange', api = 1 } = fake;
  const manifestVenues = fake.manifestVenues ?? (Array.isArray(venues) ? (venues as string[]) : []);
  const json = {
    name,
    version: '1.2.3',
    type: 'module',
    speed: { kind, api, venues, sim: './sim' },
    exports: { '.': { types: './index.d.ts', import: './index.js' }, './sim': { default: './sim.js' } },
  };
  const source = `globalThis.imported = [...(globalThis.imported ?? []), ${JSON.stringify(name)}];
const made = (globalThis.made ??= []);
export default {
  kind: 'exchange', api: ${fake.manifestApi ?? 1}, id: 'fake',
  venues: ${JSON.stringify(manifestVenues.map((id) => ({ id, name: id, capabilities: {} })))},
  create(venue, context) {
    if (context.config.broken) throw new Error('broken settings');
    const connector = { venue, context, disposed: 0, connections: () => [], async [Symbol.asyncDispose]() { this.disposed++; } };
    made.push(connector);
    return connector;
  },
  [Symbol.for('speed.manifest')]: true,
};`;
  return {
    [`${directory}/package.json`]: json,
    [`${directory}/index.js`]: fake.source ?? source,
    [`${directory}/sim.js`]: `export default { dialect: ${JSON.stringify(name)} };`,
  };
}

/** What fake plugins left behind. */
export const traces = globalThis as unknown as {
  imported?: string[];
  made?: { venue: string; disposed: number; context: { config: unknown } }[];
};
