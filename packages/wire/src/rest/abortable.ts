import { SpeedError } from '@speed-protocol/core';

/**
 * Waits for shared work on behalf of one caller: aborting leaves the wait, the work goes on for the others.
 * @throws SpeedError `aborted` when the signal fires first
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(new SpeedError('aborted', 'aborted by the caller'));
    // Others may wait for it, or nobody: its failure is nobody's then, not the process's.
    work.catch(() => undefined);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** A signal that fires with either of two; `release` lets go of both, so that a long-lived one gathers no listeners. */
export function linkSignals(
  longLived: AbortSignal,
  own: AbortSignal | undefined,
): { readonly signal: AbortSignal; release(): void } {
  if (!own) return { signal: longLived, release: () => {} };
  const both = new AbortController();
  const abort = (): void => both.abort();
  if (longLived.aborted || own.aborted) abort();
  longLived.addEventListener('abort', abort, { once: true });
  own.addEventListener('abort', abort, { once: true });
  const release = (): void => {
    longLived.removeEventListener('abort', abort);
    own.removeEventListener('abort', abort);
  };
  return { signal: both.signal, release };
}
