// `npm run packages`: each package as a stranger would install it: packed, linted by publint, its types resolved by attw.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = path.resolve(import.meta.dirname, '../..');
const folders = ['packages', 'plugins', 'apps'].flatMap((kind) =>
  readdirSync(path.join(root, kind)).map((name) => path.join(root, kind, name)),
);
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];
let problems = 0;
const complain = (name, text) => {
  problems++;
  console.error(`${name}: ${text}`);
};

for (const folder of folders.filter((entry) => statSync(entry).isDirectory())) {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (manifest.private) continue;
  for (const script of INSTALL_SCRIPTS)
    if (manifest.scripts?.[script]) complain(manifest.name, `has an install script "${script}"; packages here have none`);
  if (manifest.license !== 'MIT') complain(manifest.name, 'license is not MIT');
  const { messages, pkg } = await publint({ pkgDir: folder, level: 'warning', strict: true, pack: 'npm' });
  for (const message of messages) complain(manifest.name, formatMessage(message, pkg));
  const out = mkdtempSync(path.join(tmpdir(), 'speed-pack-'));
  try {
    const packed = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', out], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    const [{ filename, files, unpackedSize }] = Array.isArray(packed) ? packed : Object.values(packed);
    for (const { path: file } of files) if (/\.spec\.|\.tsbuildinfo$|^src\//.test(file)) complain(manifest.name, `ships ${file}`);
    execFileSync(
      process.execPath,
      [
        path.join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js'),
        path.join(out, filename),
        '--profile',
        'esm-only',
        '--format',
        'ascii',
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    console.log(`ok ${manifest.name}: ${files.length} files, ${(unpackedSize / 1024).toFixed(0)} KiB`);
  } catch (error) {
    complain(manifest.name, `types do not resolve for a stranger:\n${error.stdout ?? error}`);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
console.log(`packages: ${problems} problems`);
process.exit(problems ? 1 : 0);
