import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const BINARY = path.resolve(import.meta.dirname, '../bin/speed.mjs');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const complaints = new WeakMap<ChildProcess, string>();

/** The real binary as a child process, from the build output. */
export function start(args: readonly string[], cwd?: string, more: NodeJS.ProcessEnv = {}): ChildProcess {
  const env = { ...process.env, NO_COLOR: '1', ...more };
  const child = spawn(process.execPath, [BINARY, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env, cwd });
  // Read whether anybody wants it or not: a command stands still when nobody takes what it logs.
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.set(child, `${complaints.get(child) ?? ''}${text}`));
  return child;
}

/** Runs the binary to its end. */
export async function speed(
  args: readonly string[],
  stdin: string | Buffer = '',
  cwd?: string,
  env?: NodeJS.ProcessEnv,
): Promise<Finished> {
  const child = start(args, cwd, env);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name]?.setEncoding('utf8').on('data', (text) => (output[name] += text));
  child.stdin?.on('error', () => undefined).end(stdin);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

/** Waits for the first line of a command that keeps running. */
export async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  for await (const line of lines) return line;
  if (!child.stderr!.closed) await once(child.stderr!, 'close');
  throw new Error(`the command ended without a line: ${complaints.get(child) ?? ''}`);
}

/** Lines of a command that keeps running, one by one. */
export function linesOf(child: ChildProcess): AsyncIterator<string> {
  return createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
}

/** Ctrl-C; resolves to the exit code once all that was said has been read: the last of it arrives after the exit. */
export async function interrupt(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill('SIGINT');
  child.stdout?.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}
