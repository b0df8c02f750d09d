import type { SpeedEvent } from './events.js';
import type { Instrument } from './instrument.js';
import type { AccountEvent } from './trading.js';

/** One raw frame: a WebSocket message or a REST body, as it was on the wire. */
export interface RawFrame {
  readonly transport: 'ws' | 'rest';
  /** Where it came from; `null` when the source does not say. */
  readonly url: string | null;
  readonly dir: 'in' | 'out';
  /** When it was received, ms since epoch; `null` when unknown. */
  readonly ts: number | null;
  readonly raw: string;
}

export interface NormalizerOptions {
  /** Instruments known beforehand; others are learnt from instrument frames in the input. */
  readonly instruments?: readonly Instrument[] | undefined;
}

/**
 * What a frame turned out to be. `private`: what happened to an account. `control`: an acknowledgement, ping or reply that carries no event.
 * `instruments`: a listing; symbols resolve from here on. `unknown`: well-formed, but of no kind this plugin knows;
 * `topic` says which.
 */
export type NormalizedFrame =
  | { readonly outcome: 'events'; readonly events: readonly SpeedEvent[] }
  | { readonly outcome: 'private'; readonly events: readonly AccountEvent[] }
  | { readonly outcome: 'control' | 'outgoing' }
  | { readonly outcome: 'instruments'; readonly instruments: readonly Instrument[] }
  | { readonly outcome: 'unknown'; readonly topic: string };

/** Turns raw frames into events without a connection. Keeps nothing between frames but the instruments that it learns. */
export interface Normalizer {
  /**
   * Events of the result hold views that are valid until the next call.
   * @throws SpeedError `protocol` when the frame is not JSON or lacks a required field; says which and where
   */
  normalize(frame: RawFrame): NormalizedFrame;
}
