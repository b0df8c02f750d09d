// Last step of a library's build: each of its entries becomes one file. Opening a file costs a module more than its code
// does, so core and a plugin load several times faster this way. Types stay as the compiler wrote them.
//
// The compiler's record of what it wrote is removed with what it wrote: its next run writes everything again, and a
// bundle can never stay behind the sources.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';

const folder = process.cwd();
const dist = path.join(folder, 'dist');
const { exports } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));

/** `{ index: src/index.ts, 'sim/index': src/sim/index.ts }` of what the package exports. */
const input = Object.fromEntries(
  Object.values(exports)
    .filter((entry) => entry.default?.endsWith('.js'))
    .map((entry) => [path.relative('dist', entry.default).replace(/\.js$/, ''), path.join(folder, entry['@speed/source'])]),
);

const bundle = await rolldown({
  input,
  platform: 'node',
  external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  tsconfig: path.join(folder, 'tsconfig.json'),
});
const { output } = await bundle.write({ dir: dist, format: 'esm', sourcemap: true, chunkFileNames: 'shared/[name].js' });
await bundle.close();

const written = new Set(output.map(({ fileName }) => path.normalize(fileName)));
for (const name of readdirSync(dist, { recursive: true })) {
  if (/\.(js|js\.map|tsbuildinfo)$/.test(name) && !written.has(name)) rmSync(path.join(dist, name));
}
