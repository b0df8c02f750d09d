import { readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The parts of a package.json that discovery reads. Everything in it is a stranger's. */
export interface PackageJson {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly speed?: unknown;
  readonly exports?: unknown;
  readonly main?: unknown;
  readonly workspaces?: unknown;
  readonly dependencies?: unknown;
  readonly optionalDependencies?: unknown;
  readonly peerDependencies?: unknown;
  readonly devDependencies?: unknown;
}

export interface PackageFile {
  /** Real path of the package's directory: links of workspaces are followed. */
  readonly directory: string;
  readonly json: PackageJson;
}

/** The package in this directory, or `undefined` when it has no readable package.json. */
export async function readPackage(directory: string): Promise<PackageFile | undefined> {
  try {
    const json: unknown = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
    if (typeof json !== 'object' || json === null) return undefined;
    return { directory: await realpath(directory), json };
  } catch {
    return undefined;
  }
}

/** The nearest directory, from `start` upwards, that has a package.json. */
export async function nearestPackage(start: string): Promise<PackageFile | undefined> {
  for (const directory of ancestors(start)) {
    const found = await readPackage(directory);
    if (found) return found;
  }
  return undefined;
}

/**
 * The installed package of this name as Node would find it from `from`, read without importing anything and whether
 * or not the package exports its package.json.
 */
export async function findInstalled(name: string, from: string): Promise<PackageFile | undefined> {
  const lookup = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  for (const modules of lookup) {
    const found = await readPackage(join(modules, name));
    if (found) return found;
  }
  return undefined;
}

/** `start` and everything above it. */
export function ancestors(start: string): string[] {
  const found = [start];
  for (let at = start; dirname(at) !== at; at = dirname(at)) found.push(dirname(at));
  return found;
}
