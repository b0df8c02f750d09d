import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/** An address in a file of a client, as often as it stood there. */
export interface ReplacedAddress {
  readonly file: string;
  readonly address: string;
  readonly times: number;
}

export interface PointedClient<C> {
  readonly client: C;
  /** All that is not as it came. */
  readonly replaced: readonly ReplacedAddress[];
}

/** An installed package, by any file in it. */
const PACKAGE = /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+[/\\]/;

/**
 * Loads a CommonJS client whose address is fixed in its source, with another one in its place and nothing else changed. Every
 * call loads it anew: what it keeps between calls belongs to one test.
 * @param entry the client's main file, as `require.resolve` finds it
 * @param addresses where to go instead, by what stands in the source
 */
export function loadPointed<C>(entry: string, addresses: Readonly<Record<string, string>>): PointedClient<C> {
  const folder = PACKAGE.exec(entry)![0];
  const isOwn = (file: string) => PACKAGE.exec(file)?.[0] === folder;
  for (const file of Object.keys(require.cache).filter(isOwn)) delete require.cache[file];
  const replaced: ReplacedAddress[] = [];
  const point = (source: string, file: string) => {
    for (const [address, target] of Object.entries(addresses)) {
      const parts = source.split(address);
      if (parts.length > 1) replaced.push({ file: path.relative(folder, file), address, times: parts.length - 1 });
      source = parts.join(target);
    }
    return source;
  };
  const client = compiledBy(point, isOwn, () => require(entry) as C);
  return { client, replaced };
}

type Point = (source: string, file: string) => string;
type Compiling = NodeJS.Module & { _compile(source: string, file: string): void };

/** Runs something while the sources of some files are read differently. */
function compiledBy<T>(point: Point, isMeant: (file: string) => boolean, run: () => T): T {
  const plain = require.extensions['.js']!;
  require.extensions['.js'] = (module, file) => {
    if (isMeant(file)) readDifferently(module as Compiling, point);
    plain(module, file);
  };
  try {
    return run();
  } finally {
    require.extensions['.js'] = plain;
  }
}

function readDifferently(module: Compiling, point: Point): void {
  const compile = module._compile.bind(module);
  module._compile = (source, file) => compile(point(source, file), file);
}
