import { type GeneratorCallback, installPackagesTask, type Tree } from '@nx/devkit';
import { KINDS, type Kind, scaffold } from './scaffold.js';

interface Options {
  readonly name: string;
  readonly skipInstall?: boolean;
}

/** Writes a new package into its folder of the workspace, and links it. */
function generator(kind: Kind) {
  return async (tree: Tree, { name, skipInstall = false }: Options): Promise<GeneratorCallback> => {
    const folder = `${KINDS[kind]}${name}`;
    if (tree.exists(folder)) throw new RangeError(`${folder} exists already: remove it first, or choose another name`);
    for (const [file, text] of scaffold({ kind, name })) tree.write(`${folder}/${file}`, text);
    return () => {
      if (!skipInstall) installPackagesTask(tree, true);
      console.log(
        `\n${folder}: every room is there. What is left to do: npx vitest run --root ${folder}\nThe way to green: docs/new-exchange.md`,
      );
    };
  };
}

export const exchange = generator('exchange');
