import { type FieldNode, ListNode, LiteralNode, type NodeKind, ObjectNode, OptionalNode } from '../declare.js';
import type { Plain } from './plain.js';
import { parseSyntax, type Syntax } from './syntax.js';

/** What a frame must give, worked out a third way, from a syntax tree; `undefined`: refuse it. */
export function expectedPlain(node: ObjectNode, text: string): Plain | undefined {
  try {
    const syntax = parseSyntax(text);
    return syntax && readObject(node, syntax);
  } catch (error) {
    if (error instanceof Unfit) return undefined;
    throw error;
  }
}

class Unfit extends Error {}

function unfit(): never {
  throw new Unfit();
}

function readObject(node: ObjectNode, syntax: Syntax): Plain {
  if (syntax.type !== 'object') return unfit();
  const plain: Record<string, Plain> = {};
  for (const [key, field] of Object.entries(node.shape)) {
    const found = syntax.entries.filter((entry) => entry[0] === key);
    if (found.length > 1) unfit();
    const inner = field instanceof OptionalNode ? field.node : field;
    const value = found[0]?.[1];
    if (inner.kind === 'skip') continue;
    const absent = value === undefined || (field instanceof OptionalNode && isAbsent(value));
    if (absent && !(field instanceof OptionalNode)) unfit();
    plain[key] = absent ? ABSENT[inner.kind] : readValue(inner, value as Syntax);
  }
  return plain;
}

function isAbsent(syntax: Syntax): boolean {
  return (syntax.type === 'word' && syntax.text === 'null') || (syntax.type === 'string' && syntax.value === '');
}

const ABSENT: Readonly<Record<NodeKind, Plain>> = {
  int: Number.NaN,
  num: Number.NaN,
  id: null,
  text: null,
  literal: null,
  bool: null,
  levels: [],
  taggedLevels: [],
  list: [],
  object: null,
  skip: null,
  optional: null,
};

function readValue(node: FieldNode, syntax: Syntax): Plain {
  if (node instanceof ObjectNode) return readObject(node, syntax);
  if (node instanceof ListNode) return syntax.type === 'array' ? syntax.items.map((item) => readObject(node.row, item)) : unfit();
  if (node instanceof LiteralNode) return syntax.type === 'string' && syntax.value === node.value ? node.value : unfit();
  return READERS[node.kind]?.(syntax) ?? unfit();
}

/** How single values are read; `undefined` when they do not fit. */
const READERS: Readonly<Partial<Record<NodeKind, (syntax: Syntax) => Plain | undefined>>> = {
  text: (syntax) => (syntax.type === 'string' ? syntax.value : undefined),
  id: (syntax) => {
    if (syntax.type === 'string') return syntax.value || undefined;
    return syntax.type === 'number' && /^-?[0-9]+$/.test(syntax.text) ? syntax.text : undefined;
  },
  bool: (syntax) => (syntax.type === 'word' && syntax.text !== 'null' ? syntax.text === 'true' : undefined),
  num: readNumber,
  int: readInteger,
  levels: (syntax) => (syntax.type === 'array' ? syntax.items.flatMap((item) => readLevel(item)) : undefined),
  taggedLevels: (syntax) => (syntax.type === 'array' ? syntax.items.flatMap(readTaggedLevel) : undefined),
};

function readTaggedLevel(syntax: Syntax): readonly [number, number] {
  return syntax.type === 'array' && syntax.items[0]?.type === 'string' ? readLevel(syntax, 1) : unfit();
}

function readLevel(syntax: Syntax, from = 0): readonly [number, number] {
  if (syntax.type !== 'array' || syntax.items.length < from + 2) return unfit();
  const [price, size] = syntax.items.slice(from, from + 2).map(readNumber);
  return price === undefined || size === undefined ? unfit() : [price, size];
}

function readNumber(syntax: Syntax): number | undefined {
  const text = syntax.type === 'number' ? syntax.text : syntax.type === 'string' ? syntax.value : 'no';
  // `Number` reads more than decimals: white space, hexadecimal, "Infinity", "+1".
  if (/[^-+.0-9eE]/.test(text) || text === '' || text.startsWith('+')) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function readInteger(syntax: Syntax): number | undefined {
  if (syntax.type === 'string' && /[^-0-9]/.test(syntax.value)) return undefined;
  const value = readNumber(syntax);
  if (value === undefined || !Number.isSafeInteger(value)) return undefined;
  const text = syntax.type === 'number' ? syntax.text : (syntax as { value: string }).value;
  return isExactly(text, value) ? value : undefined;
}

/** True when the decimal text means exactly this integer: compared as integers scaled by a power of ten. */
function isExactly(text: string, value: number): boolean {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const shift = Number(exponent) - fraction.length;
  const digits = BigInt(whole.replace('-', '') + fraction);
  if (digits === 0n) return true;
  if (Math.abs(shift) > 400) return false;
  const magnitude = BigInt(Math.abs(value));
  return shift >= 0 ? digits * 10n ** BigInt(shift) === magnitude : digits === magnitude * 10n ** BigInt(-shift);
}
