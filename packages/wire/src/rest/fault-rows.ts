import type { ErrorKind } from '@speed-protocol/core';
import type { Fault, FaultRow } from './faults.js';

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
  /** Reads code and message under the venue's names. @param success the code that says that all went well */
  reader({ code, message, success }: Readonly<Record<'code' | 'message' | 'success', string>>) {
    return (body: unknown): Fault | undefined => {
      if (typeof body !== 'object' || body === null) return undefined;
      const { [code]: said, [message]: why } = body as Readonly<Record<string, unknown>>;
      if ((typeof said !== 'string' && typeof said !== 'number') || String(said) === success) return undefined;
      return { code: String(said), message: typeof why === 'string' ? why : '' };
    };
  },
};
