// `npm run check`: everything that can be said about the code without running it. All parts run; the exit code says whether all passed.
import { spawnSync } from 'node:child_process';

const PARTS = ['lint', 'typecheck', 'boundaries', 'unused', 'packages', 'matrix:check'];
const results = PARTS.map((part) => {
  console.log(`\n== ${part}`);
  const started = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', part], { stdio: 'inherit' });
  return { part, ok: status === 0, seconds: ((performance.now() - started) / 1000).toFixed(1) };
});
console.log('');
for (const { part, ok, seconds } of results) console.log(`${ok ? 'ok    ' : 'FAILED'} ${part} (${seconds} s)`);
process.exit(results.every(({ ok }) => ok) ? 0 : 1);
