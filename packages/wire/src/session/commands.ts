import type { Row } from '../exchange/rows.js';
import { parseExact } from '../frames/exact.js';
import type { ControlFrame, Heartbeat } from './spec.js';

/** Reads control frames that are JSON; what holds no fields is not for us. */
export function jsonControl(read: (message: Row) => ControlFrame | undefined): (text: string) => ControlFrame | undefined {
  return (text) => {
    const message = parseExact(text);
    return typeof message === 'object' && message !== null ? read(message as Row) : undefined;
  };
}

/** A ping whenever nothing has come for a while: venues that cut after half a minute or more notice a dead connection too late. */
export function whenIdle(message: (id: number) => string): Heartbeat & { readonly message: (id: number) => string } {
  return { everyMs: 2_000, timeoutMs: 3_000, when: 'idle', message };
}
