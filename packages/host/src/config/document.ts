import { readFile } from 'node:fs/promises';
import { SpeedError } from '@speed-protocol/core';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';

/** A configuration file: its data, and where in the file each key stands. */
export interface ConfigDocument {
  readonly file: string;
  readonly data: Record<string, unknown>;
  /** `file:line:column` of a key, or of the nearest one around it. */
  locate(path: readonly PropertyKey[]): string;
}

/**
 * Reads YAML, of which JSON is a part.
 * @throws SpeedError `config` when the file is missing or malformed, with line and column
 */
export async function readDocument(file: string): Promise<ConfigDocument> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SpeedError('config', `Cannot read the configuration file ${file}: ${(cause as Error).message}`, { cause });
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [problem] = document.errors;
  if (problem) throw new SpeedError('config', `${at(problem.pos[0])}: malformed YAML: ${complaint(problem)}`);
  return { file, data: toObject(document, file), locate: (path) => locate(document, path, at) ?? file };
}

function toObject(document: Document, file: string): Record<string, unknown> {
  const data = toData(document, file);
  if (data === null || data === undefined) return {};
  if (typeof data === 'object' && !Array.isArray(data)) return data as Record<string, unknown>;
  throw new SpeedError(
    'config',
    `${file}:1:1: the configuration must be a mapping of keys to values, like "server: { port: 8765 }"`,
  );
}

/** Aliases are counted: a small file must not unfold into a large one. */
function toData(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new SpeedError('config', `${file}: malformed YAML: ${complaint(error as Error)}`);
  }
}

/** What the parser complains of, without what it quotes: that may be a secret that nobody put into quotes. */
const complaint = ({ message }: Error): string => message.replace(/:\s.*$/s, '');

function locate(document: Document, path: readonly PropertyKey[], at: (offset: number) => string): string | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    if (!isMap(parent)) continue;
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path[length - 1]));
    if (isScalar(pair?.key) && pair.key.range) return at(pair.key.range[0]);
  }
  return undefined;
}
