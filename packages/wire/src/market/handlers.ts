import type { Outlet } from './outlet.js';

/** Tells what one row says. `T`: the row's fields, `E`: those of the message or body around it. */
export type Handler<T, E = unknown> = (out: Outlet) => (row: T, envelope: E) => void;

/** All that a row tells, where nobody has asked for one feed of it. */
export function allOf<T, E = unknown>(...handlers: readonly Handler<T, E>[]): Handler<T, E> {
  return (out) => {
    const each = handlers.map((start) => start(out));
    return (row, envelope) => {
      for (const tell of each) tell(row, envelope);
    };
  };
}

/** Of rows that say themselves what they are about. @param nameOf the venue's id; `null` where a row does not say */
export function namedBy<T, E = unknown>(nameOf: (row: T) => string | null, handler: Handler<T, E>): Handler<T, E> {
  return (out) => {
    const tell = handler(out);
    return (row, envelope) => {
      const name = nameOf(row);
      if (name !== null) out.about(name);
      tell(row, envelope);
    };
  };
}

/** Rows that pass; the others tell nothing. */
export function onlyIf<T, E = unknown>(passes: (row: T, out: Outlet) => boolean, handler: Handler<T, E>): Handler<T, E> {
  return (out) => {
    const tell = handler(out);
    return (row, envelope) => {
      if (passes(row, out)) tell(row, envelope);
    };
  };
}
