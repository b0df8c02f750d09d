import { type Progress, renderProgress } from '@speed-protocol/stress';
import type { Console } from '../console.js';

/** ms between two lines: on a terminal one line is drawn over, elsewhere each is a line of its own. */
const TERMINAL_MS = 50;
const PLAIN_MS = 5000;

/** Progress on standard error. */
export class ProgressBar {
  #last = performance.now();
  #isDrawn = false;

  constructor(private readonly console: Console) {}

  show(progress: Progress): void {
    const { stderr } = this.console;
    const now = performance.now();
    if (now - this.#last < (stderr.isTTY ? TERMINAL_MS : PLAIN_MS)) return;
    this.#last = now;
    stderr.write(stderr.isTTY ? `\r\u001b[K${renderProgress(progress)}` : `${renderProgress(progress)}\n`);
    this.#isDrawn = stderr.isTTY === true;
  }

  end(): void {
    if (this.#isDrawn) this.console.stderr.write('\r\u001b[K');
    this.#isDrawn = false;
  }
}
