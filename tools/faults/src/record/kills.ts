import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChildOrder } from './child.js';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));

/** How one recorder lived. */
export interface Life {
  /** The last row that it acknowledged, or -1. */
  readonly last: number;
  /** ms from its start to its first acknowledgement; `undefined` when it did not get that far. */
  readonly startMs: number | undefined;
}

/** Starts a recorder and kills it after `lifeMs`, however far it has come: starting and repairing have to survive it too. */
export function oneLife(order: ChildOrder, lifeMs: number): Promise<Life> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [CHILD, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [last, rest, err, killed] = [-1, '', '', false];
    let startMs: number | undefined;
    setTimeout(() => {
      killed = child.kill('SIGKILL');
    }, lifeMs);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err = (err + text).slice(-2000);
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      startMs ??= performance.now() - started;
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      if (lines.length > 0) last = Number(lines.at(-1)!.slice(2));
    });
    child.on('close', () => {
      if (killed) resolve({ last, startMs });
      else reject(new Error(`the recorder ended by itself: ${err}`));
    });
  });
}
