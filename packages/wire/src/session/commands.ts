import { asRow, type Row } from '../exchange/rows.js';
import { parseExact } from '../frames/exact.js';
import type { ControlFrame, Heartbeat } from './spec.js';

/** Control frames that are JSON: reads what they hold. */
export function jsonControl(read: (message: Row) => ControlFrame | undefined): (text: string) => ControlFrame | undefined {
  return (text) => read(asRow(parseExact(text)));
}

/** A ping whenever nothing has come for a while: venues that cut after half a minute or more notice a dead connection too late. */
export function whenIdle(message: (id: number) => string): Heartbeat & { readonly message: (id: number) => string } {
  return { everyMs: 2_000, timeoutMs: 3_000, when: 'idle', message };
}
