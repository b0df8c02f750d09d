/// <reference types="vite/client" />
import { type ExchangeManifest, SpeedError } from '@speed-protocol/core';
import { type Asking, type Task, work } from '../../src/orders/task.js';

/** The trading process, from sources, with every plugin in the bundle: plain Node cannot discover those that are not built. */
const plugins = import.meta.glob<Partial<ExchangeManifest>>('../../../../plugins/exchange-*/src/index.ts', {
  eager: true,
  import: 'default',
});

async function manifestOf(venue: string): Promise<ExchangeManifest> {
  const found = Object.values(plugins).find(({ venues }) => venues?.some(({ id }) => id === venue));
  if (!found) throw new SpeedError('config', `none of ${Object.keys(plugins).join(', ')} has the venue ${venue}`);
  return found as ExchangeManifest;
}

const task = JSON.parse(process.argv[2]!) as Task;
await work(task, manifestOf, {
  say: (saying) => void process.send!(saying),
  onAsked: (listener) => void process.on('message', (asking: Asking) => listener(asking)),
});
process.disconnect();
