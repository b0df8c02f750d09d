import type { Console } from '../console.js';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** The terminal as a screen: each picture overwrites the last one line by line, so nothing flickers. */
export class Screen implements Disposable {
  readonly #console: Console;

  constructor(console: Console) {
    this.#console = console;
    console.stdout.write(ENTER);
  }

  get columns(): number {
    return this.#console.stdout.columns || 80;
  }

  /** Draws as many of the lines as fit; skips the picture while the terminal has not taken the last one. */
  draw(lines: readonly string[]): void {
    const { stdout } = this.#console;
    if (stdout.writableNeedDrain) return;
    const shown = lines.slice(0, Math.max(1, (stdout.rows || 24) - 1));
    stdout.write(`${HOME}${shown.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${CLEAR_BELOW}`);
  }

  [Symbol.dispose](): void {
    this.#console.stdout.write(LEAVE);
  }
}
