import { type Journal, openJournal } from '@speed-protocol/host';
import type { VirtualTime } from '../virtual-time.js';

/** The real journal on the real disk; virtual time stands still while the disk works. */
export function heldJournal(time: VirtualTime): typeof openJournal {
  return async (folder, options) => {
    const journal = await time.hold(openJournal(folder, options));
    return {
      record: (...evidence) => time.hold(journal.record(...evidence)),
      replay: () => time.hold(journal.replay()),
      forget: (ids) => time.hold(journal.forget(ids)),
      [Symbol.asyncDispose]: () => time.hold(Promise.resolve(journal[Symbol.asyncDispose]())),
    } satisfies Journal;
  };
}
