// `npm run seeds -- [--runs 20] [--from 1] [part of a path ...]`: runs every random test with one seed after another, and
// ends with the seeds that failed. Each is repeated by `SPEED_SEED=n npx vitest run <file>`.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '20' }, from: { type: 'string', default: `${Date.now() % 2 ** 31}` } },
});
const [runs, from] = [Number(values.runs), Number(values.from)];
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(from) || from < 0) {
  console.error('--runs takes a whole number from 1, --from one from 0');
  process.exit(2);
}

const specs = execFileSync('git', ['ls-files', '*.spec.ts'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
const seeded = /SPEED_SEED|seedOf\(|\bSEED\b/;
const wanted = (file) => positionals.length === 0 || positionals.some((part) => file.includes(part));
const files = specs.filter((file) => wanted(file) && seeded.test(readFileSync(path.join(root, file), 'utf8')));
if (files.length === 0) {
  console.error(`no random test has ${positionals.join(' or ')} in its path`);
  process.exit(2);
}

console.log(`${files.length} files, ${runs} seeds from ${from}`);
const failed = [];
for (let seed = from; seed < from + runs; seed++) {
  const env = { ...process.env, SPEED_SEED: String(seed) };
  const { status, stdout, stderr } = spawnSync('npx', ['vitest', 'run', ...files], { cwd: root, env, encoding: 'utf8' });
  console.log(`seed ${seed}: ${status === 0 ? 'passed' : 'FAILED'}`);
  if (status === 0) continue;
  failed.push(seed);
  console.log(
    `${stdout}${stderr}`
      .split('\n')
      .filter((line) => /FAIL|Error|❯/.test(line))
      .slice(0, 40)
      .join('\n'),
  );
}
console.log(failed.length === 0 ? `all ${runs} passed` : `failed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
