import { parentPort, workerData } from 'node:worker_threads';
import { isPersisterManifest, SpeedError } from '@speed-protocol/core';
import { toPlain } from '@speed-protocol/history';
import { type PriceReply, type PriceRequest, type PriceStore, readPricesFrom } from './price-reader.js';

/** The thread that reads recorded prices; see the reader. */
const port = parentPort;
if (port === null) throw new Error('this module is the entry of a worker thread');

async function open({ persister, location, config }: PriceStore) {
  const { default: manifest } = (await import(persister)) as { default: unknown };
  if (!isPersisterManifest(manifest)) throw new SpeedError('config', `${persister} is no persister plugin`);
  return manifest.create(location, { config: config ?? {} });
}

const store = open(workerData as PriceStore);
store.catch(() => undefined);
const running = new Map<number, AbortController>();

async function answer({ id, query }: Extract<PriceRequest, { query: unknown }>): Promise<PriceReply> {
  const abort = new AbortController();
  running.set(id, abort);
  try {
    return { id, prices: await readPricesFrom(await store, query, abort.signal) };
  } catch (error) {
    return { id, error: toPlain(error) };
  } finally {
    running.delete(id);
  }
}

port.on('message', (request: PriceRequest) => {
  if ('abandon' in request) running.get(request.abandon)?.abort();
  else void answer(request).then((reply) => port.postMessage(reply));
});
