import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ancestors, findInstalled, nearestPackage, type PackageFile, type PackageJson, readPackage } from './package-file.js';

const DEPENDENCY_FIELDS = ['dependencies', 'optionalDependencies', 'peerDependencies', 'devDependencies'] as const;

/**
 * Installed packages that an app in `start` can be said to have chosen: its own dependencies, itself, the packages of
 * its workspace, and, when it is installed somewhere, what is installed beside it: the dependencies of the project
 * around it or, in a global installation, its neighbours.
 */
export async function candidates(start: string): Promise<PackageFile[]> {
  const own = await nearestPackage(start);
  if (!own) return [];
  const groups = await Promise.all([[own], dependenciesOf(own), workspaceOf(own), neighboursOf(own, start)]);
  return groups.flat();
}

/** Packages that the package names, as installed; what is named but not installed is not here. */
async function dependenciesOf({ directory, json }: PackageFile): Promise<PackageFile[]> {
  const names = new Set(DEPENDENCY_FIELDS.flatMap((field) => Object.keys((json[field] as object | undefined) ?? {})));
  return present(await Promise.all([...names].map((name) => findInstalled(name, directory))));
}

/** All packages of the npm workspace that the package belongs to. */
async function workspaceOf({ directory }: PackageFile): Promise<PackageFile[]> {
  for (const ancestor of ancestors(directory)) {
    const root = await readPackage(ancestor);
    const patterns = root && workspacePatterns(root.json);
    if (patterns) return (await Promise.all(patterns.map((pattern) => expand(ancestor, pattern)))).flat();
  }
  return [];
}

function workspacePatterns({ workspaces }: PackageJson): string[] | undefined {
  const list = Array.isArray(workspaces) ? workspaces : (workspaces as { packages?: unknown } | undefined)?.packages;
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : undefined;
}

/** `plugins/*` and plain paths, which is what workspaces here use. */
async function expand(root: string, pattern: string): Promise<PackageFile[]> {
  const directory = join(root, dirname(pattern));
  if (basename(pattern) !== '*') return present([await readPackage(join(root, pattern))]);
  return present(await Promise.all((await names(directory)).map((name) => readPackage(join(directory, name)))));
}

async function neighboursOf({ directory }: PackageFile, start: string): Promise<PackageFile[]> {
  // Both ways in: a global installation may link to a directory elsewhere.
  const modules = [...ancestors(start), ...ancestors(directory)].find((each) => basename(each) === 'node_modules');
  if (!modules) return [];
  const project = await readPackage(dirname(modules));
  return project ? dependenciesOf(project) : installedIn(modules);
}

/** Every package directly in a node_modules directory. */
async function installedIn(modules: string): Promise<PackageFile[]> {
  const found = await Promise.all(
    (await names(modules)).map(async (name) =>
      name.startsWith('@')
        ? (await names(join(modules, name))).map((inner) => join(modules, name, inner))
        : [join(modules, name)],
    ),
  );
  return present(await Promise.all(found.flat().map(readPackage)));
}

async function names(directory: string): Promise<string[]> {
  const entries = await readdir(directory).catch(() => []);
  return entries.filter((name) => !name.startsWith('.')).sort();
}

const present = (found: readonly (PackageFile | undefined)[]): PackageFile[] => found.filter((each) => each !== undefined);
