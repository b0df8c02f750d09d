import { spawnSync } from 'node:child_process';
import { open, rm, statfs } from 'node:fs/promises';
import path from 'node:path';

const SIZE = 1536 << 20;
/** Room that is left before a disk is filled: filling more would take longer than a recorder lives. */
const ROOM = 48 << 20;
const PIECE = new Uint8Array(4 << 20);

/** A disk of its own, in memory, that can be filled to the last byte; `undefined` without the right to mount one. */
export function mountDisk(folder: string): (Disposable & { fillFor(ms: number): Promise<void> }) | undefined {
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder]).status !== 0) return undefined;
  const ballast = path.join(folder, 'ballast');
  return {
    async fillFor(ms) {
      await resize(folder, ROOM);
      const file = await open(ballast, 'w');
      try {
        for (let size = PIECE.length; size >= 4096; size >>= 1) await fill(file, size);
        await new Promise((resolve) => setTimeout(resolve, ms));
      } finally {
        await file.close();
        await rm(ballast, { force: true });
        await resize(folder);
      }
    },
    [Symbol.dispose]() {
      spawnSync('umount', ['-l', folder]);
    },
  };
}

/** To what is used and some room, or back to all of it. */
async function resize(folder: string, room?: number): Promise<void> {
  const { blocks, bfree, bsize } = await statfs(folder);
  const size = room === undefined ? SIZE : Math.min(SIZE, (blocks - bfree) * bsize + room);
  spawnSync('mount', ['-o', `remount,size=${size}`, folder]);
}

async function fill(file: Awaited<ReturnType<typeof open>>, size: number): Promise<void> {
  try {
    for (;;) if ((await file.write(PIECE, 0, size)).bytesWritten < size) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
