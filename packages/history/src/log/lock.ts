import { open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { SpeedError } from '@speed-protocol/core';

export type Lock = AsyncDisposable;

/** Who holds a lock: the process and, because ids are reused, when that process started. */
interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

/**
 * One process per folder. A lock whose holder is dead is taken over, so that a crash needs no hand.
 * @throws SpeedError `unavailable` naming the holder
 */
export async function lockFolder(folder: string): Promise<Lock> {
  const file = path.join(folder, 'lock');
  const mine: Holder = { pid: process.pid, startedAt: await startOf(process.pid) };
  for (;;) {
    if (await created(file, JSON.stringify(mine))) return release(file);
    const holder = await readHolder(file);
    if (holder !== undefined && (await alive(holder))) {
      throw new SpeedError(
        'unavailable',
        `Process ${holder.pid} records into ${folder} already; stop it or choose another folder.`,
      );
    }
    await rm(file, { force: true });
  }
}

function release(file: string): Lock {
  let held = true;
  return {
    async [Symbol.asyncDispose]() {
      if (held) await rm(file, { force: true });
      held = false;
    },
  };
}

async function created(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o640);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

async function alive({ pid, startedAt }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = await startOf(pid);
  return now === '' || startedAt === '' || now === startedAt;
}

/** When a process started, in the kernel's ticks since boot; empty where the system does not say. */
async function startOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
