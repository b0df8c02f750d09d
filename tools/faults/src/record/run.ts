import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Persister } from '@speed-protocol/core';
import { Engine, verify } from '@speed-protocol/history';
import local from '@speed-protocol/persister-local';
import s3 from '@speed-protocol/persister-s3';
import { type BadProxy, startBadProxy } from './bad-proxy.js';
import type { ChildOrder } from './child.js';
import { type Count, countRows, download } from './count.js';
import { mountDisk } from './full-disk.js';
import { oneLife } from './kills.js';
import { randomFrom } from './random.js';
import { startS3 } from './s3.js';

export interface RecordFaultOptions {
  readonly store: 'local' | 's3';
  readonly seconds: number;
  /** How long a recorder lives on average, from its start on, ms: half to one and a half times that. */
  readonly lifeMs: number;
  readonly seed: number;
  readonly onProgress: (text: string) => void;
}

export interface RecordFaultReport extends Count {
  readonly run: 'record';
  readonly store: string;
  readonly seed: number;
  readonly seconds: number;
  readonly kills: number;
  /** ms from kill to kill, on average. */
  readonly killEveryMs: number;
  /** ms from start to the first acknowledgement, median; and how many were killed before. */
  readonly startMs: number;
  readonly killedStarting: number;
  /** How often the disk was really full; `null` without the right to mount one. */
  readonly full: number | null;
  /** Trouble on the way to the S3 server, by kind. */
  readonly requests: Readonly<Record<string, number>> | null;
  readonly files: number;
  readonly ok: boolean;
}

const BUCKET = 'speed-faults';

/** Where rows go, for the recorder and for the one who counts: he reads past the trouble. */
interface Target extends AsyncDisposable {
  readonly order: Pick<ChildOrder, 'persister' | 'location' | 'config'>;
  readonly store: Persister;
  readonly proxy?: BadProxy;
}

/**
 * Records under load while the recorder is killed again and again, disk and store fail and crawl, and the disk runs full;
 * then counts every row.
 */
export async function runRecordFaults(options: RecordFaultOptions): Promise<RecordFaultReport> {
  const folder = await mkdtemp(path.join(tmpdir(), 'speed-faults-record-'));
  const disk = mountDisk(folder);
  try {
    if (disk === undefined)
      options.onProgress('no right to mount a disk: a full one is only injected (run as root for a real one)');
    await using target = await openTarget(folder, options);
    return await run(folder, target, options, disk?.fillFor);
  } finally {
    disk?.[Symbol.dispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(
  folder: string,
  target: Target,
  { seconds, lifeMs, seed, store, onProgress }: RecordFaultOptions,
  fillFor: ((ms: number) => Promise<void>) | undefined,
): Promise<RecordFaultReport> {
  const random = randomFrom(seed);
  const spool = path.join(folder, 'spool');
  const started = performance.now();
  const until = started + seconds * 1000;
  const acknowledged: number[] = [];
  const starts: number[] = [];
  let full = 0;
  while (performance.now() < until) {
    const order = { ...target.order, spool, seed, run: acknowledged.length, burst: 100 };
    const life = oneLife(order, lifeMs * (0.5 + random()));
    const isFull = fillFor !== undefined && random() < 0.3;
    if (isFull) full++;
    const [{ last, startMs }] = await Promise.all([life, isFull ? fillFor(300 + 500 * random()) : undefined]);
    acknowledged.push(last);
    if (startMs !== undefined) starts.push(startMs);
    if (acknowledged.length % 20 === 0) onProgress(`${acknowledged.length} kills, ${sum(acknowledged)} rows acknowledged`);
  }
  const killEveryMs = Math.round((performance.now() - started) / acknowledged.length);
  // A start and a stop without trouble: what the log still holds goes into the store. A repair is no recording.
  const engine = await Engine.open({ store: target.store, spool, retryMs: 20 });
  await engine.rollNow();
  await engine.close(false);
  const report = await verify(target.store);
  const files = path.join(folder, 'counted');
  if (store === 's3') await download(target.store, files);
  const count = await countRows(store === 's3' ? files : path.join(folder, 'data'), acknowledged);
  const problems = [
    ...count.problems,
    ...report.problems.slice(0, 20).map(({ kind, where, message }) => `${kind}: ${where} ${message}`),
  ];
  const isRight = count.lost === 0 && count.doubled === 0 && count.gaps === count.holes && report.gaps.length === count.holes;
  return {
    run: 'record',
    store,
    seed,
    seconds,
    kills: acknowledged.length,
    killEveryMs,
    startMs: Math.round(starts.sort((a, b) => a - b)[starts.length >> 1] ?? Number.NaN),
    killedStarting: acknowledged.length - starts.length,
    full: fillFor === undefined ? null : full,
    requests: target.proxy?.made ?? null,
    files: report.files,
    ...count,
    problems,
    ok: isRight && problems.length === 0 && count.acknowledged > 0,
  };
}

const sum = (lasts: readonly number[]) => lasts.reduce((rows, last) => rows + last + 1, 0);

async function openTarget(folder: string, { store, seed }: RecordFaultOptions): Promise<Target> {
  if (store === 'local') {
    const location = path.join(folder, 'data');
    const opened = local.create(location);
    const order = { persister: '@speed-protocol/persister-local', location, config: {} };
    return { order, store: opened, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
  }
  // Not on the disk that runs full: the server has its own troubles by the proxy.
  const home = await mkdtemp(path.join(tmpdir(), 'speed-faults-s3-'));
  await mkdir(home, { recursive: true });
  const server = await startS3(home, BUCKET);
  const proxy = await startBadProxy(server.endpoint, randomFrom(seed + 1));
  proxy.share = 0.3;
  const location = `s3://${BUCKET}/run-${seed}`;
  const config = { ...server.config, attempts: 2, timeoutMs: 300 };
  const opened = s3.create(location, { config: { ...server.config, endpoint: server.endpoint } });
  return {
    order: { persister: '@speed-protocol/persister-s3', location, config: { ...config, endpoint: proxy.endpoint } },
    store: opened,
    proxy,
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
