// `npm run captures`, `npm run faults` ...: builds the tool and every plugin (cached), then runs it with the given arguments.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const [tool, ...args] = process.argv.slice(2);

/** Tools find plugins as any app does, so the build cannot follow dependencies to them. */
const plugins = readdirSync(path.join(root, 'plugins'))
  .map((name) => path.join(root, 'plugins', name, 'package.json'))
  .filter((file) => existsSync(file))
  .map((file) => JSON.parse(readFileSync(file, 'utf8')).name);

const projects = [`@speed-protocol/${tool}`, ...plugins].join(',');
const nx = ['node_modules/.bin/nx', 'run-many', '-t', 'build', '-p', projects, '--output-style=static'];
const build = spawnSync(process.execPath, nx, { cwd: root, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false' } });
if (build.status !== 0) {
  process.stderr.write(build.stdout + build.stderr);
  console.error('The build failed. Run `npm ci` first; if it still fails, `npm run build` shows which package.');
  process.exit(1);
}

const run = spawn(process.execPath, [path.join(root, 'tools', tool, 'dist/main.js'), ...args], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => run.kill(signal));
run.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
