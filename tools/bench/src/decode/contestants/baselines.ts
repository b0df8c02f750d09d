import type { Contestant } from '../types.js';

/** Written to, so that no compiler leaves the work out. */
const sink = { sum: 0 };

/** What the platform's parser costs alone. */
export const jsonParse: Contestant = {
  name: 'JSON.parse',
  reset() {},
  accept(frame) {
    const message: unknown = JSON.parse(frame.toString());
    if (message === null) sink.sum++;
  },
};

/** What it costs to look at every byte. */
export const byteLoop: Contestant = {
  name: 'byte loop',
  reset() {},
  accept(frame) {
    let sum = 0;
    for (let i = 0; i < frame.length; i++) sum += frame[i] as number;
    sink.sum += sum;
  },
};
