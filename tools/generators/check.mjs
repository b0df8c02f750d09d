// `npm run generators:check`: the long form of the generators' test, in a clone of the committed state. What they write has to
// build, type-check, pass lint, boundaries and knip as it is, say what is left to do, and go without a trace. Needs a build.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const place = mkdtempSync(path.join(tmpdir(), 'speed-generators-'));
const clone = path.join(place, 'speed');
const FOLDER = 'plugins/exchange-madeup';
const failed = [];

function run(cwd, command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  return { status, text: stdout + stderr };
}

function expectThat(what, ok, text = '') {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}`);
  if (ok) return;
  failed.push(what);
  console.log(text);
}

const passes = (what, cwd, command, ...args) => {
  const { status, text } = run(cwd, command, ...args);
  expectThat(what, status === 0, text);
};

/** Built packages are taken along: nobody has to compile them again. */
function copyBuilds() {
  for (const kind of ['packages', 'plugins', 'apps', 'tools']) {
    for (const name of readdirSync(path.join(root, kind))) {
      const dist = path.join(root, kind, name, 'dist');
      if (existsSync(dist) && existsSync(path.join(clone, kind, name)))
        cpSync(dist, path.join(clone, kind, name, 'dist'), { recursive: true });
    }
  }
}

try {
  run(root, 'git', 'clone', '-q', '--no-hardlinks', root, clone);
  passes('npm ci', clone, 'npm', 'ci', '--prefer-offline', '--no-audit', '--no-fund', '--silent');
  copyBuilds();
  passes(
    'npx nx g @speed-protocol/generators:exchange madeup',
    clone,
    'npx',
    'nx',
    'g',
    '@speed-protocol/generators:exchange',
    'madeup',
  );
  passes('build', path.join(clone, FOLDER), 'npm', 'run', '--silent', 'build');
  passes('typecheck', path.join(clone, FOLDER), 'npm', 'run', '--silent', 'typecheck');
  passes('lint', clone, 'npx', 'biome', 'check', '.');
  passes('boundaries', clone, 'npm', 'run', '--silent', 'boundaries');
  passes('unused', clone, 'npm', 'run', '--silent', 'unused');
  const spec = run(path.join(clone, FOLDER), 'npx', 'vitest', 'run');
  expectThat(
    'the conformance spec fails with what is left to do',
    spec.status !== 0 && /\d+ things are left to do/.test(spec.text),
    spec.text,
  );
  const conform = run(clone, process.execPath, 'apps/cli/bin/speed.mjs', 'conform', FOLDER);
  expectThat(
    'speed conform shows the rooms',
    conform.status === 1 && /\d+ of \d+ checks do not hold/.test(conform.text),
    conform.text,
  );
  rmSync(path.join(clone, FOLDER), { recursive: true });
  run(clone, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--silent');
  const { text } = run(clone, 'git', 'status', '--short');
  const isLinked = existsSync(path.join(clone, 'node_modules/@speed-protocol/exchange-madeup'));
  expectThat('removing the folder leaves no trace', text === '' && !isLinked, text);

  const alone = path.join(place, 'alone');
  passes(
    'npm create speed-exchange madeup',
    place,
    process.execPath,
    path.join(clone, 'tools/create-speed-exchange/create.mjs'),
    'madeup',
    alone,
  );
  symlinkSync(path.join(clone, 'node_modules'), path.join(alone, 'node_modules'), 'dir');
  writeFileSync(path.join(alone, 'vitest.config.mjs'), 'export default {};\n');
  passes('it builds alone', alone, 'npm', 'run', '--silent', 'build');
  passes('it type-checks alone', alone, 'npm', 'run', '--silent', 'typecheck');
  const lonely = run(alone, 'npx', 'vitest', 'run');
  expectThat('its conformance spec fails with what is left to do', /\d+ things are left to do/.test(lonely.text), lonely.text);
} finally {
  rmSync(place, { recursive: true, force: true });
}
console.log(failed.length === 0 ? '\ngenerators: all hold' : `\ngenerators: ${failed.length} do not hold`);
process.exit(failed.length === 0 ? 0 : 1);
