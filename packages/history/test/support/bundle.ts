import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';

/**
 * One file that plain Node can run, made from a TypeScript source of ours: children that get killed run the code under
 * test, not an earlier build of it.
 */
export async function bundle(entry: string): Promise<{ file: string } & AsyncDisposable> {
  const cache = path.resolve(import.meta.dirname, '../../node_modules/.children');
  await mkdir(cache, { recursive: true });
  const outDir = await mkdtemp(path.join(cache, 'child-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: path.dirname(entry),
    resolve: { conditions: ['@speed/source'] },
    ssr: { noExternal: [/^@speed-protocol\//], resolve: { conditions: ['@speed/source'] } },
    build: { ssr: entry, outDir, target: 'node20', rollupOptions: { output: { entryFileNames: 'child.mjs' } } },
  });
  return { file: path.join(outDir, 'child.mjs'), [Symbol.asyncDispose]: () => rm(outDir, { recursive: true, force: true }) };
}
