import { once } from 'node:events';
import { SpeedError } from '@speed-protocol/core';
import type { Console } from '../console.js';

/** Resolves at Ctrl-C. The process stays alive while it waits, whatever else has ended. */
export async function untilInterrupted({ signal }: Console): Promise<void> {
  if (signal.aborted) return;
  const alive = setInterval(() => undefined, 1 << 30);
  await once(signal, 'abort');
  clearInterval(alive);
}

/** Runs what goes on until Ctrl-C: that is its good end, wherever it strikes, also on the way up. Other failures stay failures. */
export async function endless({ signal }: Console, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!signal.aborted || !isAborted(error)) throw error;
  }
}

const isAborted = (error: unknown): boolean => SpeedError.is(error, 'aborted') || (error as Error)?.name === 'AbortError';
