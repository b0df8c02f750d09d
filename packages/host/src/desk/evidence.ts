import type { Amendment, ErrorKind, Fill, NewOrder, Order } from '@speed-protocol/core';

/** Why, in a form that can be kept. */
export interface Reason {
  readonly kind: ErrorKind;
  readonly message: string;
}

/**
 * One thing that is known about an order. Venues repeat, reorder and withhold, so evidence says what it proves and
 * nothing about when it was learnt.
 */
export type Evidence =
  /** We want it; kept before the first byte leaves. `time` in ms. */
  | { readonly kind: 'intent'; readonly order: NewOrder; readonly time: number; readonly tag?: string | undefined }
  /** We want it changed; kept before the first byte leaves. */
  | { readonly kind: 'amend'; readonly amount: Amendment['amount'] | null }
  /** The venue took it. */
  | { readonly kind: 'accepted'; readonly venueOrderId: string | null }
  /** The venue refused it, or it never left us. */
  | { readonly kind: 'refused'; readonly reason: Reason }
  /** It was sent and nobody knows whether it arrived. */
  | { readonly kind: 'unknown'; readonly reason: Reason }
  /** Asked when it could no longer arrive, the venue knows nothing of it. */
  | { readonly kind: 'absent' }
  /** It existed, and the venue knows nothing of it any more. */
  | { readonly kind: 'gone' }
  /** How the venue saw it at some moment: from the stream, an answer or a question. */
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'fill'; readonly fill: Fill };
