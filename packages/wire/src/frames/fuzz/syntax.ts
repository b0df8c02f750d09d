/** One JSON value with what `JSON.parse` forgets: the text of numbers, and keys that come twice. */
export type Syntax =
  | { readonly type: 'number'; readonly text: string }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'word'; readonly text: string }
  | { readonly type: 'array'; readonly items: readonly Syntax[] }
  | { readonly type: 'object'; readonly entries: readonly Entry[] };

type Entry = readonly [key: string, value: Syntax];

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const STRING = /"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"/y;
const WORDS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

/**
 * Parses a text, or gives `undefined` where `JSON.parse` would throw: a throw costs more than everything else about a
 * damaged frame. Only for checking decoders: simple before fast, and none of their code.
 */
export function parseSyntax(text: string): Syntax | undefined {
  const parser = new Parser(text);
  const value = parser.value();
  return parser.atEnd() ? value : undefined;
}

/** After the first thing that is no JSON `failed` is set, and what is returned means nothing. */
class Parser {
  private at = 0;
  private failed = false;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    return !this.failed && this.at === this.text.length;
  }

  value(): Syntax | undefined {
    this.skipSpace();
    const value = this.bareValue(this.text[this.at]);
    this.skipSpace();
    return value;
  }

  private bareValue(first: string | undefined): Syntax | undefined {
    if (first === '"') return this.string();
    if (first === '{') return { type: 'object', entries: this.between('}', () => this.entry()) };
    if (first === '[') return { type: 'array', items: this.between(']', () => this.value()) };
    if (first !== undefined && first in WORDS) return this.word(WORDS[first] as string);
    return this.number();
  }

  private entry(): Entry | undefined {
    this.skipSpace();
    const key = this.string();
    this.skipSpace();
    this.take(':');
    const value = this.failed ? undefined : this.value();
    return key && value && [key.value, value];
  }

  /** What stands between an opening mark and its closing one, with commas between. */
  private between<T>(close: string, next: () => T | undefined): T[] {
    const items: T[] = [];
    this.at++;
    this.skipSpace();
    if (this.text[this.at] !== close) this.list(items, next);
    this.take(close);
    return items;
  }

  private list<T>(items: T[], next: () => T | undefined): void {
    for (;;) {
      const item = next();
      if (item !== undefined) items.push(item);
      if (this.failed || this.text[this.at] !== ',') return;
      this.at++;
    }
  }

  private string(): { readonly type: 'string'; readonly value: string } | undefined {
    const text = this.match(STRING);
    if (text === undefined) return undefined;
    return { type: 'string', value: text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1) };
  }

  private number(): Syntax | undefined {
    const text = this.match(NUMBER);
    return text === undefined ? undefined : { type: 'number', text };
  }

  private word(text: string): Syntax {
    this.take(text);
    return { type: 'word', text };
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return this.fail();
    const text = this.text.slice(this.at, pattern.lastIndex);
    this.at = pattern.lastIndex;
    return text;
  }

  private take(text: string): void {
    if (this.text.startsWith(text, this.at)) this.at += text.length;
    else this.fail();
  }

  private fail(): undefined {
    this.failed = true;
  }

  private skipSpace(): void {
    while (SPACES.has(this.text.charCodeAt(this.at))) this.at++;
  }
}

const SPACES: ReadonlySet<number> = new Set([32, 9, 10, 13]);
