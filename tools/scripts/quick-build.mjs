// What `npm start` needs, and no more: JavaScript of the packages that the command uses, without checking types
// (`npm run build` does that), and the dashboard. Seconds on a clean clone, nothing when nothing changed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const KINDS = ['packages', 'plugins', 'apps'];

/** Builds whatever is older than its sources. @returns names of what was built */
export function quickBuild(root) {
  const options = compilerOptions(root);
  const stale = folders(root).filter((folder) => !isFresh(folder));
  const dashboard = stale.find((folder) => existsSync(path.join(folder, 'index.html')));
  for (const folder of stale) if (folder !== dashboard) transpile(folder, options);
  if (dashboard) run(root, dashboard, [path.join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn']);
  const server = path.join(root, 'apps/server');
  if (dashboard || stale.includes(server)) run(root, server, ['scripts/copy-dashboard.mjs']);
  return stale.map((folder) => path.relative(root, folder));
}

function folders(root) {
  return KINDS.flatMap((kind) => readdirSync(path.join(root, kind)).map((name) => path.join(root, kind, name))).filter((folder) =>
    existsSync(path.join(folder, 'src')),
  );
}

/** Sources below a folder, tests left out, relative to `src`. */
function sources(folder) {
  return readdirSync(path.join(folder, 'src'), { recursive: true }).filter(
    (name) => /\.tsx?$/.test(name) && !/\.(spec|d)\.tsx?$/.test(name),
  );
}

function isFresh(folder) {
  const built = ['dist/index.html', 'dist/main.js', 'dist/index.js'].map((name) => path.join(folder, name)).find(existsSync);
  if (!built) return false;
  const { mtimeMs } = statSync(built);
  return sources(folder).every((name) => statSync(path.join(folder, 'src', name)).mtimeMs <= mtimeMs);
}

function compilerOptions(root) {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  // One file at a time the compiler cannot see `"type": "module"`, so it is told.
  return { ...options, module: ts.ModuleKind.ESNext, composite: false, incremental: false, declaration: false, sourceMap: false };
}

function transpile(folder, compilerOptions) {
  for (const name of sources(folder)) {
    const fileName = path.join(folder, 'src', name);
    const { outputText } = ts.transpileModule(readFileSync(fileName, 'utf8'), { compilerOptions, fileName });
    const target = path.join(folder, 'dist', name.replace(/\.tsx?$/, '.js'));
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
}

function run(root, cwd, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`building ${path.relative(root, cwd)} failed:\n${stdout}${stderr}`);
}
