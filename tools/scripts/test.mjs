// `npm test`: builds what has changed, runs every test in one go (vitest.config.ts), and ends with a summary that lists what
// was skipped and how to include it. Arguments go on to vitest: `npm test -- packages/wire`. `--fresh` builds everything again.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const report = path.join(root, 'reports/tests.json');
const given = process.argv.slice(2);
const fresh = given.includes('--fresh');
/** Every random test of this run draws from it. */
const seed = process.env.SPEED_SEED ?? String(Date.now() % 2 ** 31);

const started = performance.now();
const node = (script, ...args) =>
  spawnSync(process.execPath, [path.join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NX_DAEMON: 'false', SPEED_SEED: seed },
  }).status;

const cache = fresh ? ['--skip-nx-cache'] : [];
if (node('.bin/nx', 'run-many', '-t', 'build', '--output-style=static', ...cache) !== 0) process.exit(1);
const built = performance.now();
rmSync(report, { force: true });
const status = node('.bin/vitest', 'run', ...given.filter((each) => each !== '--fresh'));

if (!existsSync(report)) {
  console.error('the tests did not come to their end: see above');
  process.exit(1);
}
const total = { passed: 0, failed: 0, skipped: 0 };
const skipped = [];
const failed = [];
for (const { assertionResults, name, message, status: suite } of JSON.parse(readFileSync(report, 'utf8')).testResults) {
  const file = path.relative(root, name);
  // A file that cannot even be loaded has no tests that could fail.
  if (suite === 'failed' && assertionResults.length === 0) {
    total.failed++;
    failed.push({ name: file, why: message });
  }
  for (const { status: outcome, fullName, failureMessages } of assertionResults) {
    if (outcome === 'passed') total.passed++;
    else if (outcome === 'failed') {
      total.failed++;
      failed.push({ name: `${file}: ${fullName}`, why: failureMessages.join('\n') });
    } else {
      total.skipped++;
      skipped.push(`${file}: ${fullName}`);
    }
  }
}
if (skipped.length > 0) {
  console.log(`\nSkipped because this machine lacks something; \`bash .ci/run\` installs it and runs them all:`);
  for (const name of skipped) console.log(`  - ${name}`);
}
for (const { name, why } of failed) {
  // Again at the end, where they are found.
  console.log(`\nFAILED ${name}`);
  for (const line of why.split('\n').slice(0, 12)) console.log(`    ${line}`);
}
const seconds = (from) => `${((performance.now() - from) / 1000).toFixed(0)} s`;
console.log(`\nall packages in ${seconds(started)}, ${seconds(built)} of them without the build`);
console.log(`random tests drew from seed ${seed}; to repeat them: SPEED_SEED=${seed} npm test`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
const demanded = process.env.SPEED_NO_SKIP === '1' && total.skipped > 0;
if (demanded) console.error('SPEED_NO_SKIP=1: skipped tests count as failures here');
process.exit(status !== 0 || total.failed > 0 || total.passed === 0 || demanded ? 1 : 0);
