/**
 * The file that a package exports for a subpath (`.`, `./sim`), by Node's rule of conditions in the order in which the package lists
 * them. Node's own resolver cannot be used: `require.resolve` does not see the `import` condition.
 */
export function resolveExport(exports: unknown, subpath: string, conditions: ReadonlySet<string>): string | undefined {
  if (typeof exports !== 'object' || exports === null || Array.isArray(exports)) {
    return subpath === '.' ? target(exports, conditions) : undefined;
  }
  const isMap = Object.keys(exports).some((key) => key.startsWith('.'));
  if (!isMap) return subpath === '.' ? target(exports, conditions) : undefined;
  return target((exports as Record<string, unknown>)[subpath], conditions);
}

function target(value: unknown, conditions: ReadonlySet<string>): string | undefined {
  if (typeof value === 'string') return isInside(value) ? value : undefined;
  if (Array.isArray(value)) return value.map((each) => target(each, conditions)).find((each) => each !== undefined);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [condition, inner] of Object.entries(value)) {
    if (condition !== 'default' && !conditions.has(condition)) continue;
    const found = target(inner, conditions);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A package exports its own files only. */
const isInside = (path: string): boolean => !path.startsWith('/') && !path.split('/').includes('..');
