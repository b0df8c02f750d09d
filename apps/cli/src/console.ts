import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** The outside of a command: its streams, and the signal that Ctrl-C aborts. */
export interface Console {
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly signal: AbortSignal;
}

/** Writes and waits until the receiver wants more: nothing piles up in memory. */
export async function write({ stdout, signal }: Console, text: string): Promise<void> {
  if (!stdout.write(text)) await once(stdout, 'drain', { signal });
}

/** One value for scripts: a single line of JSON. */
export function printJson(console: Console, value: unknown): Promise<void> {
  return write(console, `${JSON.stringify(value)}\n`);
}

export function note({ stderr }: Console, text: string): void {
  stderr.write(`${text}\n`);
}

/** Columns as wide as their widest cell; numbers are the caller's to format. Control characters are shown, not obeyed. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const clean = [header, ...rows].map((row) => row.map(printable));
  const widths = header.map((_, at) => Math.max(...clean.map((row) => displayWidth(row[at] ?? ''))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - displayWidth(cell)))
      .join('  ')
      .trimEnd();
  return `${clean.map(line).join('\n')}\n`;
}

/** Text from outside, without control characters: a listing must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}

/** Columns that the text takes on a terminal: East Asian wide characters take two. */
function displayWidth(text: string): number {
  let width = 0;
  for (const char of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u.test(char) ? 2 : 1;
  return width;
}
