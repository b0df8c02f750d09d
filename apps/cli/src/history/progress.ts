import type { RunningRecording } from '@speed-protocol/recorder';

/** What a recording is doing, for people and scripts. */
export interface Progress {
  readonly state: string;
  readonly problem: string | null;
  readonly symbols: number;
  /** Rows safe on disk, and per second since the last look. */
  readonly rows: number;
  readonly rowsPerSecond: number;
  /** ms that the oldest row waits for the disk. */
  readonly lagMs: number;
  readonly gaps: number;
  readonly dropped: number;
  readonly files: number;
  readonly bytes: number;
  /** Bytes in the log that the store does not have yet. */
  readonly backlogBytes: number;
  readonly store: string;
}

export function progressOf({ recorder, writer }: RunningRecording, sinceMs: number, previous: Progress | undefined): Progress {
  const { state, problem, acknowledged, lagMs, gaps, dropped, store } = writer.status;
  return {
    state,
    problem: problem ?? store.problem,
    symbols: recorder.status.symbols.length,
    rows: acknowledged,
    rowsPerSecond: sinceMs === 0 ? 0 : Math.round(((acknowledged - (previous?.rows ?? 0)) * 1000) / sinceMs),
    lagMs: Math.round(lagMs),
    gaps,
    dropped,
    files: store.files,
    bytes: store.bytes,
    backlogBytes: store.backlogBytes,
    store: store.store,
  };
}

export function renderProgress(progress: Progress): string {
  const { state, rows, rowsPerSecond, lagMs, gaps, dropped, files, bytes, backlogBytes, store, problem } = progress;
  const parts = [
    state,
    `${rows} rows`,
    `${rowsPerSecond}/s`,
    `lag ${lagMs} ms`,
    `gaps ${gaps}`,
    ...(dropped > 0 ? [`DROPPED ${dropped}`] : []),
    `${files} files, ${megabytes(bytes)}`,
    `log ${megabytes(backlogBytes)}`,
    ...(store === 'ok' ? [] : [`store ${store}`]),
    ...(problem === null ? [] : [problem]),
  ];
  return parts.join('  ');
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
