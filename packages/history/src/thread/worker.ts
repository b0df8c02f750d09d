import { parentPort, workerData } from 'node:worker_threads';
import { isPersisterManifest, type Logger, SpeedError } from '@speed-protocol/core';
import { Engine } from '../engine.js';
import { type Call, type Hello, type Line, type Reply, type Request, type ThreadOptions, toPlain } from './messages.js';

/** The engine's own thread: checksums, fsync, Parquet and uploads happen here and never on the hot path. */
const port = parentPort;
if (port === null) throw new Error('this module is the entry of a worker thread');

const run = async (engine: Engine, call: Call): Promise<number | undefined> => {
  switch (call.op) {
    case 'append':
      await engine.append(call.blocks);
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
  return Engine.open({ ...options, logger, store: manifest.create(location, { config: config ?? {}, logger }) });
}

try {
  const engine = await open(workerData as ThreadOptions);
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
