import { type FieldNode, ListNode, LiteralNode, type NodeKind, ObjectNode, OptionalNode } from '../declare.js';
import type { Plain } from './plain.js';
import type { Random } from './random.js';

/** A value as text, and what reading it must give. */
export interface Sample {
  readonly text: string;
  readonly plain: Plain;
}

/** How free the form of a frame is. `wild` forms are all those that the declaration allows. */
interface Style {
  readonly shuffled: boolean;
  readonly unknownKeys: boolean;
  readonly spaces: boolean;
  readonly wildValues: boolean;
}

/** Makes frames that a declaration must accept, in forms from the plainest to the oddest. */
export class Sampler {
  private style: Style = { shuffled: false, unknownKeys: false, spaces: false, wildValues: false };

  constructor(private readonly random: Random) {}

  frame(node: ObjectNode): Sample {
    const { random } = this;
    const plain = random.oneIn(3);
    this.style = {
      shuffled: !plain && random.oneIn(3),
      unknownKeys: !plain && random.oneIn(3),
      spaces: !plain && random.oneIn(6),
      wildValues: !plain && random.oneIn(2),
    };
    const { text, plain: value } = this.object(node);
    return { text: this.space() + text + this.space(), plain: value };
  }

  private object(node: ObjectNode): Sample {
    const entries: string[] = [];
    const plain: Record<string, Plain> = {};
    for (const [key, field] of Object.entries(node.shape)) this.entry(key, field, entries, plain);
    if (this.style.unknownKeys) this.unknown(node, entries);
    if (this.style.shuffled) this.random.shuffle(entries);
    return { text: `{${this.space()}${entries.join(`${this.space()},${this.space()}`)}${this.space()}}`, plain };
  }

  private entry(key: string, field: FieldNode, entries: string[], plain: Record<string, Plain>): void {
    const node = field instanceof OptionalNode ? field.node : field;
    const absent = field instanceof OptionalNode && this.random.oneIn(4);
    const missing = (absent && this.random.oneIn(2)) || (node.kind === 'skip' && this.random.oneIn(8));
    const sample = absent ? { text: this.random.pick(['null', '""']), plain: ABSENT[node.kind] } : this.value(node);
    if (node.kind !== 'skip') plain[key] = sample.plain;
    if (!missing) entries.push(this.pair(key, sample.text));
  }

  private pair(key: string, text: string): string {
    return `${this.quote(key)}${this.space()}:${this.space()}${text}`;
  }

  private unknown(node: ObjectNode, entries: string[]): void {
    for (let count = 1 + this.random.below(3); count > 0; count--) {
      const key = this.random.pick(['st', 'x1', 'é', '', 'data', 'E ', 'nested', '\u2028', 'constructor']);
      if (!Object.hasOwn(node.shape, key)) entries.splice(this.random.below(entries.length + 1), 0, this.pair(key, this.any(3)));
    }
  }

  private value(node: FieldNode): Sample {
    if (node instanceof ObjectNode) return this.object(node);
    if (node instanceof ListNode) return this.list(node.row);
    if (node instanceof LiteralNode) return { text: this.quote(node.value), plain: node.value };
    const sampler = this.values[node.kind] as () => Sample;
    return sampler();
  }

  private list(row: ObjectNode): Sample {
    const count = this.random.oneIn(50) ? 40 : this.random.below(4);
    const rows = Array.from({ length: count }, () => this.object(row));
    return { text: this.array(rows.map(({ text }) => text)), plain: rows.map(({ plain }) => plain) };
  }

  private array(items: readonly string[]): string {
    return `[${this.space()}${items.join(`${this.space()},${this.space()}`)}${this.space()}]`;
  }

  private readonly values: Readonly<Partial<Record<NodeKind, () => Sample>>> = {
    int: () => this.int(),
    num: () => this.num(),
    id: () => this.id(),
    text: () => this.text(),
    bool: () => (this.random.oneIn(2) ? { text: 'true', plain: true } : { text: 'false', plain: false }),
    levels: () => this.levels(),
    taggedLevels: () => this.levels(['new', 'change', 'delete', '']),
    skip: () => ({ text: this.any(2), plain: null }),
  };

  private int(): Sample {
    const { random } = this;
    const digits = random.oneIn(20) ? String(Number.MAX_SAFE_INTEGER - random.below(3)) : this.wholeNumber(15);
    const sign = this.style.wildValues && random.oneIn(4) ? '-' : '';
    const text = sign + digits;
    const plain = Number(text);
    if (this.style.wildValues && random.oneIn(8)) return { text: `${text}.0`, plain };
    return { text: this.style.wildValues && random.oneIn(3) ? `"${text}"` : text, plain };
  }

  private num(): Sample {
    const { random } = this;
    const wild = this.style.wildValues;
    const fraction = random.oneIn(3) ? '' : `.${random.digits(1 + random.below(wild && random.oneIn(4) ? 22 : 8))}`;
    const exponent = wild && random.oneIn(6) ? `${random.pick(['e', 'E'])}${random.pick(['', '-', '+'])}${random.below(30)}` : '';
    const sign = wild && random.oneIn(4) ? '-' : '';
    const text = sign + this.wholeNumber(wild && random.oneIn(6) ? 24 : 6) + fraction + exponent;
    return { text: wild && random.oneIn(2) ? text : `"${text}"`, plain: Number(text) };
  }

  private id(): Sample {
    const { random } = this;
    const digits = this.wholeNumber(random.oneIn(3) ? 24 : 10);
    if (random.oneIn(3)) return { text: `"${digits}"`, plain: digits };
    if (random.oneIn(3)) return this.string(`id-${random.digits(4)}${this.style.wildValues ? '"\\é\n' : ''}`);
    return { text: digits, plain: digits };
  }

  private text(): Sample {
    const { random } = this;
    const odd = ['', 'é', '币安', '\u{1f600}', 'a"b', 'back\\slash', 'line\nfeed', '\u0000', '/', '\ud800'];
    return this.string(
      this.style.wildValues && random.oneIn(2) ? random.pick(odd) + random.digits(2) : random.pick(['BTCUSDT', 'X', 'MARKET']),
    );
  }

  private string(value: string): Sample {
    return { text: this.quote(value), plain: value };
  }

  /** @param tags drawn from, to stand before each level */
  private levels(tags: readonly string[] = []): Sample {
    const { random } = this;
    const rows: string[] = [];
    const plain: number[] = [];
    for (let count = random.oneIn(40) ? 60 : random.below(5); count > 0; count--) {
      const [price, size] = [this.num(), this.num()];
      const rest = this.style.wildValues && random.oneIn(3) ? [this.any(1), this.any(1)] : [];
      const tag = tags.length > 0 ? [this.quote(random.pick(tags))] : [];
      rows.push(this.array([...tag, price.text, size.text, ...rest]));
      plain.push(price.plain as number, size.plain as number);
    }
    return { text: this.array(rows), plain };
  }

  /** Digits without a leading zero. */
  private wholeNumber(longest: number): string {
    const digits = this.random.digits(1 + this.random.below(longest)).replace(/^0+/, '');
    return digits === '' ? '0' : digits;
  }

  /** Any JSON, for keys that nobody reads. */
  private any(depth: number): string {
    const { random } = this;
    const kind = random.below(depth > 0 ? 7 : 5);
    if (kind === 5) return this.array([this.any(depth - 1), this.any(depth - 1)]);
    if (kind === 6) return `{${this.pair('a', this.any(depth - 1))},${this.pair('b', '[]')},${this.pair('c', '{}')}}`;
    return random.pick(['null', 'true', 'false', '0', '-1.5e-7', '12345678901234567890', this.quote('t"\\x\u0001é'), '""']);
  }

  /** A JSON string, now and then with escapes that it does not need. */
  private quote(value: string): string {
    if (!this.style.wildValues || !this.random.oneIn(4)) return JSON.stringify(value);
    return `"${[...value].map((character) => this.escape(character)).join('')}"`;
  }

  private escape(character: string): string {
    if (!/[a-zA-Z0-9@]/.test(character) || !this.random.oneIn(4)) return JSON.stringify(character).slice(1, -1);
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  }

  private space(): string {
    return this.style.spaces && this.random.oneIn(2) ? this.random.pick([' ', '\n', '\t', '\r\n  ']) : '';
  }
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
