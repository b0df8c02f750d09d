import { type ErrorKind, type Logger, SpeedError } from '@speed-protocol/core';
import type { StreamId } from '../datasets/stream.js';
import type { EngineOptions, EngineStatus, Maintenance, Opening } from '../engine.js';

/** What the thread needs to make its own engine: only what can be copied. */
export interface ThreadOptions extends Pick<EngineOptions, 'spool' | 'segmentBytes' | 'segmentMs' | 'retryMs'> {
  /** URL of the module whose default export is the persister's manifest. */
  readonly persister: string;
  readonly location: string;
  readonly config?: object | undefined;
}

/** One call to the engine. `append` names the streams that are new; their numbers go on from those before. */
export type Call =
  | { readonly op: 'append'; readonly streams: readonly StreamId[]; readonly chunks: readonly SharedChunk[] }
  | { readonly op: 'sealIfDue' | 'rollNow' | 'close' }
  | { readonly op: 'maintain'; readonly maintenance: Maintenance };

/** A chunk of rows: memory that both threads see. */
export interface SharedChunk {
  /** The number that it is kept under; see the pool's. */
  readonly number: number;
  /** Numbers that are written. */
  readonly length: number;
  /** Its memory, unless the thread has it already. */
  readonly buffer?: SharedArrayBuffer | undefined;
}

export interface Request {
  readonly id: number;
  readonly call: Call;
}

/** A line for the logger of the thread that asked. */
export interface Line {
  readonly level: keyof Logger;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** How a call ended. */
export interface Reply {
  readonly id: number;
  readonly status: EngineStatus;
  readonly value?: number | undefined;
  readonly error?: PlainError | undefined;
}

/** The first message of the thread. */
export type Hello = { readonly opening: Opening; readonly status: EngineStatus } | { readonly error: PlainError };

/** An error as it travels from thread to thread. */
export interface PlainError {
  readonly kind: ErrorKind | undefined;
  readonly message: string;
  readonly venueCode: string | undefined;
}

export const toPlain = (error: unknown): PlainError => ({
  kind: SpeedError.is(error) ? error.kind : undefined,
  venueCode: SpeedError.is(error) ? error.venueCode : undefined,
  message: error instanceof Error ? error.message : String(error),
});

export const fromPlain = ({ kind, message, venueCode }: PlainError): Error =>
  kind === undefined ? new Error(message) : new SpeedError(kind, message, { venueCode, outcomeKnown: true });
