import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rolldown } from 'rolldown';
import type { Mutant, MutantTable } from './tables.js';

/** A plugin with one mistake in it, compiled. */
export interface Mutated extends Disposable {
  /** Its main module. */
  readonly manifest: string;
  /** Its simulator, which is the honest one. */
  readonly dialect: string;
}

/** @param root of the workspace, whose packages the copy uses */
export async function mutate(root: string, { folder }: Pick<MutantTable, 'folder'>, mutant: Mutant): Promise<Mutated> {
  const place = mkdtempSync(path.join(tmpdir(), 'speed-mutant-'));
  symlinkSync(path.join(root, 'node_modules'), path.join(place, 'node_modules'), 'dir');
  cpSync(path.join(folder, 'src'), path.join(place, 'src'), { recursive: true });
  cpSync(path.join(folder, 'package.json'), path.join(place, 'package.json'));
  const file = path.join(place, 'src', mutant.file);
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(mutant.find, () => mutant.replace),
  );
  mkdirSync(path.join(place, 'dist'));
  await bundle(place);
  return {
    manifest: path.join(place, 'dist/index.js'),
    dialect: path.join(place, 'dist/sim.js'),
    [Symbol.dispose]: () => rmSync(place, { recursive: true, force: true }),
  };
}

async function bundle(place: string): Promise<void> {
  const build = await rolldown({
    input: { index: path.join(place, 'src/index.ts'), sim: path.join(place, 'src/sim/index.ts') },
    platform: 'node',
    external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    logLevel: 'silent',
  });
  await build.write({ dir: path.join(place, 'dist'), format: 'esm' });
  await build.close();
}
