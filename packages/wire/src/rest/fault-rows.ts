import type { ErrorKind } from '@speed-protocol/core';
import type { FaultRow } from './faults.js';

/** What error tables are made of. */
export const faultRows = {
  /** The venue did not act, whatever the status: its documents call it a failure. */
  failed(kind: ErrorKind, advice?: string): FaultRow {
    return { kind, outcomeKnown: true, ...(advice !== undefined && { advice }) };
  },
  /** Nobody knows whether the venue acted. */
  unknown(kind: ErrorKind): FaultRow {
    return { kind, outcomeKnown: false };
  },
  /** The same meaning for several codes. */
  all<R extends ErrorKind | FaultRow>(row: R, ...codes: readonly number[]): Record<string, R> {
    return Object.fromEntries(codes.map((code) => [String(code), row]));
  },
};
