// `npm start`: builds what is not built yet, then runs the demo. Arguments go to `speed demo`.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
if (!existsSync(path.join(root, 'node_modules/typescript'))) {
  console.error('Dependencies are missing. Run `npm ci` first.');
  process.exit(1);
}
const { quickBuild } = await import('./quick-build.mjs');
try {
  const built = quickBuild(root);
  if (built.length > 0) console.log(`built ${built.length} packages in ${process.uptime().toFixed(1)} s`);
} catch (error) {
  console.error(`${error.message}\nRun \`npm run build\`: it checks types and names the line.`);
  process.exit(1);
}
const demo = spawn(process.execPath, ['apps/cli/bin/speed.mjs', 'demo', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => demo.kill(signal));
demo.on('exit', (code, signal) => process.exit(signal ? 0 : (code ?? 1)));
