import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { scaffold } from '../src/index.js';

const root = path.resolve(import.meta.dirname, '../../..');
const bin = (name: string) => path.join(root, 'node_modules/.bin', name);
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'speed-generators-'));
  folders.push(folder);
  return folder;
}

function writeAll(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [file, text] of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
}

/** A workspace with nothing in it but the new plugin; everything else is this one's. */
function workspaceWith(folder: string, files: ReadonlyMap<string, string>): string {
  const place = temporary();
  for (const name of ['tsconfig.base.json', 'vitest.base.ts', 'biome.json', '.gitignore'])
    copyFileSync(path.join(root, name), path.join(place, name));
  for (const name of ['node_modules', 'packages', 'tools']) symlinkSync(path.join(root, name), path.join(place, name), 'dir');
  execFileSync('git', ['init', '-q'], { cwd: place });
  writeAll(path.join(place, folder), files);
  return place;
}

/** Output of a program that has to succeed. */
function passes(cwd: string, name: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(bin(name), args, { cwd, encoding: 'utf8' });
  expect(status, `${name} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
}

/** A project as the compiler reads it. */
function projectOf(config: string): ts.ParsedCommandLine {
  const refuse = ({ messageText }: ts.Diagnostic) => expect.fail(ts.flattenDiagnosticMessageText(messageText, '\n'));
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: refuse };
  return ts.getParsedCommandLineOfConfigFile(config, { declaration: true }, host)!;
}

/**
 * What the compiler has to say of a project's own files and of the declarations that they would emit. The sources behind its
 * imports are not asked about: they are checked where they belong, and cost ten times as much.
 */
function complaints({ fileNames, options, errors }: ts.ParsedCommandLine): string {
  const program = ts.createProgram({ rootNames: fileNames, options, configFileParsingDiagnostics: errors });
  const own = fileNames.map((file) => program.getSourceFile(file)!);
  const found = [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...own.flatMap((file) => program.getSyntacticDiagnostics(file)),
    ...own.flatMap((file) => program.getSemanticDiagnostics(file)),
    ...own.flatMap((file) => program.getDeclarationDiagnostics(file)),
  ];
  const host = { getCurrentDirectory: () => root, getCanonicalFileName: (file: string) => file, getNewLine: () => '\n' };
  return ts.formatDiagnostics(found, host);
}

describe('a generated exchange plugin', () => {
  const plugin = 'plugins/exchange-madeup';
  const files = scaffold({ kind: 'exchange', name: 'madeup' });

  it('has the rooms of a grown one', () => {
    const okx = path.join(root, 'plugins/exchange-okx/src');
    const rooms = readdirSync(okx, { recursive: true })
      .map(String)
      .filter((file) => /^(websocket\/)?[^/]+\.ts$/.test(file) && !file.includes('.spec.'));
    // Made when there is something to put into them.
    const later = ['websocket/payloads.ts'];
    expect(rooms.filter((file) => !later.includes(file) && !files.has(`src/${file}`))).toEqual([]);
    expect(files.has('src/sim/index.ts') && files.has('fixtures/README.md')).toBe(true);
  });

  it('compiles, is formatted, and says in its conformance spec what is left to do', () => {
    const place = workspaceWith(plugin, files);
    passes(place, 'biome', 'check', plugin);
    const [build, spec] = ['tsconfig.json', 'tsconfig.spec.json'].map((name) => projectOf(path.join(place, plugin, name)));
    // All that is built is in the other project too: one look is enough. (`npm run generators:check` builds as well.)
    expect(build!.errors).toEqual([]);
    expect(spec!.fileNames).toEqual(expect.arrayContaining(build!.fileNames));
    expect(complaints(spec!)).toBe('');
    const args = ['run', '--reporter=default'];
    const { status, stdout, stderr } = spawnSync(bin('vitest'), args, { cwd: path.join(place, plugin), encoding: 'utf8' });
    const said = stdout + stderr;
    expect(status).toBe(1);
    expect(said).toMatch(/\d+ things are left to do, then \d+ checks:/);
    expect(said).toMatch(/src\/client\.ts:\d+: sign a request/);
    expect(said).toMatch(/src\/sim\/rest\.ts:\d+: routes by method and path/);
  });

  it('imports in the order of the alphabet, whatever it is called', () => {
    const place = temporary();
    copyFileSync(path.join(root, 'biome.json'), path.join(place, 'biome.json'));
    copyFileSync(path.join(root, '.gitignore'), path.join(place, '.gitignore'));
    for (const name of ['ab', 'resolve', 'zz0123456789abcdef'])
      writeAll(path.join(place, name), scaffold({ kind: 'exchange', name }));
    passes(place, 'biome', 'check', '.');
  });
});

describe('npm create speed-exchange', () => {
  const create = (cwd: string, ...args: string[]) =>
    spawnSync(process.execPath, [path.join(root, 'tools/create-speed-exchange/create.mjs'), ...args], { cwd, encoding: 'utf8' });

  it('writes a package that stands alone, and never over another one', () => {
    const place = temporary();
    const made = create(place, 'madeup');
    expect([made.status, made.stderr]).toEqual([0, '']);
    const folder = path.join(place, 'speed-exchange-madeup');
    expect(existsSync(path.join(folder, 'src/manifest.ts'))).toBe(true);
    const { name, dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    expect([name, Object.keys(dependencies)]).toEqual([
      'speed-exchange-madeup',
      ['@speed-protocol/core', '@speed-protocol/wire'],
    ]);
    const again = create(place, 'madeup');
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('exists already')]);
  });

  it.each([
    [['Bad-Name'], /"Bad-Name" cannot be a name/],
    [[], /^$/],
  ])('refuses %j in words', (args, why) => {
    const { status, stderr } = create(temporary(), ...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(why);
  });
});
