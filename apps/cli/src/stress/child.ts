import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a child says, once: what it has to say, or why it did not start. */
type Said<T> = { readonly ready: T } | { readonly problem: string };

export interface Child<T> extends AsyncDisposable {
  readonly ready: T;
}

/**
 * Runs a module of this folder in a process of its own until it is disposed, or this process ends.
 * @param file beside this one, e.g. `simulator-process.js`; it says it is ready by {@link live}
 * @throws Error saying why it did not start
 */
export async function startChild<T>(file: string, options: object): Promise<Child<T>> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, [JSON.stringify(options)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(([code]) => ({ problem: `${file} ended with code ${code}` }));
  const said = once(child, 'message').then(([message]) => message as Said<T>);
  const answer = await Promise.race([said, ended]);
  if ('problem' in answer) throw new Error(answer.problem);
  return { ready: answer.ready, [Symbol.asyncDispose]: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.disconnect();
  await exit;
}

/** In the child: works until the parent is gone or has had enough. @param work gets what the parent gave, and a way to say that it is ready and wait for the end */
export function live<O, T>(work: (options: O, untilOver: (ready: T) => Promise<unknown>) => Promise<void>): void {
  const over = once(process, 'disconnect');
  // Ctrl-C reaches this process too: the parent says when it is over.
  process.on('SIGINT', () => undefined);
  const say = (message: Said<T>) => process.send?.(message);
  const untilOver = (ready: T) => {
    say({ ready });
    return over;
  };
  work(JSON.parse(process.argv[2] as string) as O, untilOver).catch((error: unknown) => {
    say({ problem: (error as Error).message });
    process.exitCode = 1;
    if (process.connected) process.disconnect();
  });
}
