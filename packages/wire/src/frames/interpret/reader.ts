import { numberEnd, stringEnd } from '../exact.js';

const SPACE = /[ \t\n\r]*/y;
const WORD = /[a-z]*/y;

function skipPattern(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return pattern.lastIndex;
}

/** Walks a text that is known to be JSON. */
export class JsonReader {
  constructor(
    readonly text: string,
    public at = 0,
  ) {
    this.space();
  }

  /** The next character that is not white space. */
  peek(): string {
    return this.text.charAt(this.at);
  }

  /** Goes over one value and returns its text. Any depth. */
  raw(): string {
    const start = this.at;
    this.at = valueEnd(this.text, start);
    const raw = this.text.slice(start, this.at);
    this.space();
    return raw;
  }

  /** Calls `visit` for each key of the object here, with the reader at the value; `visit` goes over it. */
  entries(visit: (key: string, at: number) => void): void {
    this.separator();
    while (this.peek() !== '}') {
      const at = this.at;
      const key = JSON.parse(this.raw()) as string;
      this.separator();
      visit(key, at);
      if (this.peek() === ',') this.separator();
    }
    this.separator();
  }

  /** Calls `visit` for each element of the array here, with the reader at it; `visit` goes over it. */
  elements(visit: (index: number) => void): void {
    this.separator();
    for (let index = 0; this.peek() !== ']'; index++) {
      visit(index);
      if (this.peek() === ',') this.separator();
    }
    this.separator();
  }

  private separator(): void {
    this.at++;
    this.space();
  }

  private space(): void {
    this.at = skipPattern(SPACE, this.text, this.at);
  }
}

function valueEnd(text: string, start: number): number {
  const first = text.charAt(start);
  if (first === '"') return stringEnd(text, start);
  if (first === '{' || first === '[') return containerEnd(text, start);
  if (first === '-' || (first >= '0' && first <= '9')) return numberEnd(text, start);
  return skipPattern(WORD, text, start);
}

function containerEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; ; ) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at = stringEnd(text, at);
      continue;
    }
    if (code === 123 || code === 91) depth++;
    if (code === 125 || code === 93) depth--;
    at++;
    if (depth === 0) return at;
  }
}
