import type { Names } from './names.js';

interface LayoutInput {
  readonly kind: string;
  readonly names: Names;
  readonly version: string;
}

/** What differs by where a package lives: what templates say of it, and the files around its sources. */
interface Surroundings {
  readonly values: Readonly<Record<string, string>>;
  readonly files: ReadonlyMap<string, string>;
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);
/** As the last member of an object that is printed already. */
const nested = (value: unknown): string => json(value).replaceAll('\n', '\n  ');

const REFERENCES: Readonly<Record<string, readonly string[]>> = { exchange: ['core', 'wire', 'simulator'] };

/** The compiler of this repository. */
const COMPILER = 'node ../../tools/compiler/tsc.mjs';

/** A package of this repository. */
function workspace({ kind, names, version }: LayoutInput): Surroundings {
  const references = REFERENCES[kind]!.map((name) => ({ path: `../../packages/${name}` }));
  const own = { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' };
  const spec = { noEmit: true, composite: false, incremental: true, tsBuildInfoFile: 'dist/.spec.tsbuildinfo', types: ['node'] };
  const all = [{ path: '.' }, ...references, { path: '../../packages/conformance' }];
  return {
    values: {
      ...names,
      version,
      package: `@speed-protocol/${kind}-${names.name}`,
      build: `${COMPILER} -p tsconfig.json && node ../../tools/scripts/bundle.mjs`,
      typecheck: `${COMPILER} -p tsconfig.spec.json`,
      devDependencies: nested({ '@speed-protocol/conformance': version }),
    },
    files: new Map([
      ['tsconfig.json', config({ compilerOptions: own, include: ['src'], exclude: ['src/**/*.spec.ts'], references })],
      ['tsconfig.spec.json', config({ compilerOptions: spec, include: ['src', 'test'], references: all })],
      ['vitest.config.ts', "export { default } from '../../vitest.base.js';\n"],
    ]),
  };
}

/** Lists of words stand on one line, as the formatter of the repository wants them. */
function config(value: object): string {
  const text = json({ extends: '../../tsconfig.base.json', ...value });
  return `${text.replace(/\[\n\s+("[^"]+"(?:,\n\s+"[^"]+")*)\n\s+\]/g, (_, words: string) => `[${words.replace(/\n\s+/g, ' ')}]`)}\n`;
}

const STRICT = {
  target: 'ES2023',
  lib: ['ES2023', 'ESNext.Disposable'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  types: ['node'],
  declaration: true,
  sourceMap: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
};

/** A package that stands alone. */
function standalone({ kind, names, version }: LayoutInput): Surroundings {
  const tools = { '@types/node': '^20.19.0', typescript: '^6.0.3', vitest: '^4.1.12' };
  const ours = { '@speed-protocol/cli': version, '@speed-protocol/conformance': version, '@speed-protocol/simulator': version };
  const base = {
    compilerOptions: { ...STRICT, rootDir: 'src', outDir: 'dist' },
    include: ['src'],
    exclude: ['src/**/*.spec.ts'],
  };
  const spec = {
    extends: './tsconfig.json',
    compilerOptions: { rootDir: '.', noEmit: true },
    include: ['src', 'test'],
    exclude: [],
  };
  return {
    values: {
      ...names,
      version,
      package: `speed-${kind}-${names.name}`,
      build: 'tsc -p tsconfig.json',
      typecheck: 'tsc -p tsconfig.spec.json',
      devDependencies: nested({ ...ours, ...tools }),
    },
    files: new Map([
      ['tsconfig.json', `${json(base)}\n`],
      ['tsconfig.spec.json', `${json(spec)}\n`],
      ['.gitignore', 'node_modules\ndist\n'],
    ]),
  };
}

export const LAYOUTS = { workspace, standalone } as const;
export type Layout = keyof typeof LAYOUTS;
