// `node ../../tools/compiler/tsc.mjs -p tsconfig.json`: the native compiler, ten times as fast as the one in JavaScript. That one
// stays at the root for tools that call it as a library, which the native one does not offer; a workspace of its own
// keeps the two `tsc` apart.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
await import(pathToFileURL(path.join(path.dirname(manifest), 'bin/tsc')).href);
