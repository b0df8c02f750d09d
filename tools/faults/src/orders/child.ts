import { pluginsOf } from '../world.js';
import { type Asking, type Task, work } from './task.js';

/** A process that trades until it is killed, or has done its task and answered what it was asked. */
const task = JSON.parse(process.argv[2]!) as Task;
const { plugins } = await pluginsOf(Object.keys(task.ready.venues));
await work(task, (venue) => plugins.manifest(venue), {
  say: (saying) => void process.send!(saying),
  onAsked: (listener) => void process.on('message', (asking: Asking) => listener(asking)),
});
process.disconnect();
