import { readlinkSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { isPersisterManifest, type Logger, SpeedError } from '@speed-protocol/core';
import { type Chunk, chunkOver, ONCE } from '../batch/chunk.js';
import type { StreamId } from '../datasets/stream.js';
import { Engine } from '../engine.js';
import { blockingFiles } from '../log/files.js';
import {
  type Call,
  type Hello,
  type Line,
  type Reply,
  type Request,
  type SharedChunk,
  type ThreadOptions,
  toPlain,
} from './messages.js';

/** The engine's own thread: checksums, fsync, Parquet and uploads happen here and never on the hot path. */
const port = parentPort;
if (port === null) throw new Error('this module is the entry of a worker thread');

/** Steps behind the thread that receives: a tenth of its weight, which on a machine that has nothing left still feeds the log. */
const NICE = 10;

/** What the other side has told of so far, by number. */
const streams: StreamId[] = [];
const chunks: Chunk[] = [];

function chunkOf({ number, length, buffer }: SharedChunk): Chunk {
  const chunk = buffer === undefined ? chunks[number]! : chunkOver(number, buffer);
  if (number !== ONCE) chunks[number] = chunk;
  chunk.length = length;
  return chunk;
}

/**
 * When there are more threads than processors, whoever receives goes before whoever files. Linux has a priority per thread; elsewhere
 * it would be that of the whole process, and stays.
 */
function stepBack(): void {
  try {
    const thread = Number(path.basename(readlinkSync('/proc/thread-self')));
    setPriority(thread, Math.min(getPriority(thread) + NICE, constants.priority.PRIORITY_LOW));
  } catch {
    // No such folder, or not allowed: as it was.
  }
}

const run = async (engine: Engine, call: Call): Promise<number | undefined> => {
  switch (call.op) {
    case 'append':
      streams.push(...call.streams);
      await engine.append({ streams, chunks: call.chunks.map(chunkOf) });
      return undefined;
    case 'maintain':
      return engine.maintain(call.maintenance);
    default:
      await engine[call.op]();
      return undefined;
  }
};

/** Lines go to whoever started this thread; what cannot travel goes as text. */
const line =
  (level: Line['level']): Logger[Line['level']] =>
  (fields, message) => {
    const plain = Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? value.message : value]);
    port.postMessage({ line: { level, message: message ?? '', fields: Object.fromEntries(plain) } satisfies Line });
  };
const logger: Logger = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };

async function open({ persister, location, config, ...options }: ThreadOptions): Promise<Engine> {
  const { default: manifest } = (await import(persister)) as { default: unknown };
  if (!isPersisterManifest(manifest)) throw new SpeedError('config', `${persister} is no persister plugin`);
  const store = manifest.create(location, { config: config ?? {}, logger, mayBlock: true });
  return Engine.open({ ...options, logger, store, files: blockingFiles });
}

try {
  const engine = await open(workerData as ThreadOptions);
  // Not before: the pool for files, which all threads share, is made by its first user and has its priority.
  stepBack();
  port.postMessage({ opening: engine.opening, status: engine.status } satisfies Hello);
  port.on('message', ({ id, call }: Request) => {
    run(engine, call)
      .then(
        (value): Reply => ({ id, value, status: engine.status }),
        (error: unknown): Reply => ({ id, error: toPlain(error), status: engine.status }),
      )
      .then((reply) => {
        port.postMessage(reply);
        if (call.op === 'close') port.close();
      });
  });
} catch (error) {
  port.postMessage({ error: toPlain(error) } satisfies Hello);
}
