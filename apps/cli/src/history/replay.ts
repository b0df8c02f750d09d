import { eventToJson } from '@speed-protocol/core';
import { Recording } from '@speed-protocol/history';
import type { ReplayCommandOptions } from '../commands/replay.js';
import { type Console, write } from '../console.js';
import { pacer } from './pacer.js';
import { selectionOf, storeAt } from './store.js';

/** Bytes of text gathered before a write, when nothing paces the replay. */
const CHUNK = 1 << 16;

/** Prints the events of a recording. */
export async function replayRecording(console: Console, location: string, options: ReplayCommandOptions): Promise<void> {
  const selection = selectionOf(options);
  await using store = await storeAt(location, options.config);
  const recording = await Recording.open(store);
  const pace = pacer(options.speed, console.signal);
  let text = '';
  for await (const event of recording.events({ ...selection, order: options.order, signal: console.signal })) {
    const wait = pace(event);
    if (wait !== undefined || text.length >= CHUNK) {
      await write(console, text);
      text = '';
      await wait;
    }
    text += `${eventToJson(event)}\n`;
  }
  await write(console, text);
}
