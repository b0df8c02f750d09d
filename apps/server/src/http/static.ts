import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

export interface StaticFile {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
  readonly cache: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** A name with a content hash in it, as bundlers write them: it never changes. */
const HASHED = /[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

/**
 * The regular files of a directory by URL path, read once. What is not in the table does not exist for a client, so no
 * path can lead out of the directory. Links are not followed, source maps and dot files are left out.
 */
export async function loadStatic(directory: string): Promise<ReadonlyMap<string, StaticFile>> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = new Map<string, StaticFile>();
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || !type || entry.name.startsWith('.')) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(directory, file).split(sep).join('/')}`;
    files.set(path, await readStatic(file, path, type));
  }
  const index = files.get('/index.html');
  if (index) files.set('/', index);
  return files;
}

async function readStatic(file: string, path: string, type: string): Promise<StaticFile> {
  const body = await readFile(file);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const cache = path.startsWith('/assets/') && HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
  return { body, type, etag, cache };
}

export const NOT_BUILT = Buffer.from(
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>SPEED: dashboard not built</title>
<h1>Dashboard not built</h1>
<p>The server runs, but the files of its page are not there. Build them with <code>npm run build</code> and start the server again.</p>
<p>Meanwhile: <a href="/health">health</a>, <a href="/metrics">metrics</a>, <a href="/schema">JSON Schema</a>, <a href="/asyncapi.json">AsyncAPI</a>.</p></html>`,
);
