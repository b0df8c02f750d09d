// `npm run matrix`: measures every exchange plugin against its simulator, keeps what was measured in its conformance.json,
// and writes the capability matrix between its markers in README.md. Needs a build.
// `--check` measures nothing (each plugin's own tests do) and fails when the README does not say what the files say.
// `--kept` measures nothing either, and writes into the README what the files say.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const readme = path.join(root, 'README.md');
const check = process.argv.includes('--check');

const plugins = readdirSync(path.join(root, 'plugins'))
  .filter((name) => name.startsWith('exchange-') && existsSync(path.join(root, 'plugins', name, 'test/conformance.spec.ts')))
  .map((name) => path.join(root, 'plugins', name));

if (!check && !process.argv.includes('--kept')) for (const folder of plugins) measure(folder);
const measured = plugins
  .filter((folder) => existsSync(path.join(folder, 'conformance.json')))
  .map((folder) => JSON.parse(readFileSync(path.join(folder, 'conformance.json'), 'utf8')));
const text = readFileSync(readme, 'utf8');
const updated = text.replace(
  /(<!-- matrix -->\n)[\s\S]*?(\n<!-- \/matrix -->)/,
  (_, open, close) => open + table(measured) + close,
);
if (check) {
  console.log(updated === text ? 'matrix: README is up to date' : 'matrix: README is behind; run `npm run matrix`');
  process.exit(updated === text ? 0 : 1);
}
writeFileSync(readme, updated);

function measure(folder) {
  const args = ['apps/cli/bin/speed.mjs', 'conform', folder, '--json'];
  const run = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
  if (run.status !== 0) {
    console.error(`matrix: ${path.basename(folder)} does not conform; nothing was written`);
    process.exit(1);
  }
  const [{ checks, matrix }] = JSON.parse(run.stdout).packages;
  const counts = {};
  for (const { venue } of checks) counts[venue] = (counts[venue] ?? 0) + 1;
  writeFileSync(path.join(folder, 'conformance.json'), `${JSON.stringify({ checks: counts, matrix }, null, 2)}\n`);
}

function table(files) {
  const matrix = Object.assign({}, ...files.map((file) => file.matrix));
  const counts = Object.assign({}, ...files.map((file) => file.checks));
  const venues = Object.keys(matrix);
  const capabilities = new Set(venues.flatMap((venue) => Object.keys(matrix[venue])));
  const mark = (works) => (works === undefined ? '' : works ? 'yes' : 'BROKEN');
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [
    row(['measured', ...venues.map((venue) => `\`${venue}\``)]),
    row(['---', ...venues.map(() => '---')]),
    ...[...capabilities].map((name) => row([name, ...venues.map((venue) => mark(matrix[venue][name]))])),
    row(['checks that hold', ...venues.map((venue) => counts[venue])]),
  ].join('\n');
}
