import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One mistake: a text of a source, and what stands there instead. */
export interface Mutant {
  /** What is wrong, e.g. `sells what should be bought`. */
  readonly name: string;
  /** Below the plugin's `src`. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Part of the room and name of the check that notices first: it is run before the others. */
  readonly first?: string;
  /** Only this venue of the plugin is asked; default: all, until one notices. */
  readonly venue?: string;
  /** Why no suite can notice: the rows that are allowed to survive. */
  readonly survives?: string;
}

/** A plugin that has a table of mistakes. */
export interface MutantTable {
  readonly plugin: string;
  readonly folder: string;
  readonly mutants: readonly Mutant[];
}

const KEYS = new Set(['name', 'file', 'find', 'replace', 'first', 'venue', 'survives']);

/** Tables of all plugins below a folder, each in its own `test/mutants.json`. */
export function readTables(plugins: string): readonly MutantTable[] {
  const named = readdirSync(plugins).sort();
  return named.flatMap((name) => {
    const file = path.join(plugins, name, 'test/mutants.json');
    if (!existsSync(file)) return [];
    const mutants = JSON.parse(readFileSync(file, 'utf8')) as Mutant[];
    return [{ plugin: name, folder: path.join(plugins, name), mutants }];
  });
}

/** What keeps a table from meaning something: rows that fit nowhere, or in two places, or change nothing. */
export function problemsOf({ plugin, folder, mutants }: MutantTable): readonly string[] {
  const names = mutants.map(({ name }) => name);
  return mutants.flatMap((mutant, at) => {
    const where = `${plugin}: "${mutant.name}"`;
    const unknown = Object.keys(mutant).filter((key) => !KEYS.has(key));
    if (unknown.length > 0) return [`${where} has unknown keys: ${unknown.join(', ')}`];
    if (names.indexOf(mutant.name) !== at) return [`${where} stands there twice`];
    if (mutant.find === mutant.replace) return [`${where} changes nothing`];
    const file = path.join(folder, 'src', mutant.file);
    if (!existsSync(file)) return [`${where} is about src/${mutant.file}, which there is not`];
    const found = readFileSync(file, 'utf8').split(mutant.find).length - 1;
    return found === 1 ? [] : [`${where} fits ${found} times into src/${mutant.file}; it must fit once`];
  });
}
