import { SpeedError } from '@speed-protocol/core';
import type { OrderView } from '@speed-protocol/protocol';
import type { Outcome } from './types.js';

/** Final states; an order in any other state has no outcome yet. */
const FINAL: Readonly<Partial<Record<OrderView['status'], Outcome>>> = {
  FILLED: 'filled',
  CANCELED: 'canceled',
  EXPIRED: 'expired',
  REJECTED: 'rejected',
};
/** Outcomes that need no explanation. */
const PLAIN: ReadonlySet<Outcome> = new Set(['filled', 'canceled']);

export interface Verdict {
  readonly outcome: Outcome;
  readonly cause: string | null;
}

/** `undefined` while the order may still change. */
export function finalOutcome({ status }: OrderView): Outcome | undefined {
  return FINAL[status];
}

/** What may be said of an order of which this is known. @param problem what stood in the way of knowing more */
export function judge(order: OrderView | undefined, problem = 'no answer'): Verdict {
  if (!order) return { outcome: 'unknown', cause: problem };
  const outcome = finalOutcome(order);
  if (outcome) return { outcome, cause: PLAIN.has(outcome) ? null : generalise(order.reason ?? order.status) };
  return { outcome: 'unknown', cause: `still ${order.status} when time was up` };
}

/** True when it is certain that the command changed nothing. */
export function wasNotSent(error: unknown): boolean {
  return SpeedError.is(error) && error.outcomeKnown;
}

/** An error as a cause that equal errors share: ids and figures in it are left out. */
export function causeOf(error: unknown): string {
  if (!SpeedError.is(error)) return generalise(String((error as Error)?.message ?? error));
  return `${error.kind}: ${generalise(error.message)}`;
}

/** The text without what differs between equal cases: ids, numbers, ports. */
function generalise(text: string): string {
  return text
    .replace(/\b(?=[\w-]*\d)[\w-]{12,}\b/g, '#')
    .replace(/\d+(?:\.\d+)?/g, '#')
    .slice(0, 200);
}
