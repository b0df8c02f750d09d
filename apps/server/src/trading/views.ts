import type { Balance, CommandOutcome, Fill, Position } from '@speed-protocol/core';
import type { DeskOrder } from '@speed-protocol/host';
import type { BalanceView, FillView, OrderView, OutcomeView, PositionView } from '@speed-protocol/protocol';
import { refOf } from './order-refs.js';

/** The tag names a user, and stays here. */
export function orderView(account: string, venue: string, { tag, ...order }: DeskOrder): OrderView {
  return { account, venue, ...order, ref: refOf({ tag }) };
}

/** @param clientOrderId of its order, which knows it also where the fill does not say */
export const fillView = (account: string, clientOrderId: string, fill: Fill): FillView => ({ account, ...fill, clientOrderId });

export const balanceView = ({ currency, total, free }: Balance): BalanceView => ({ currency, total, free });

export function positionView({ venue: _, ...position }: Position): PositionView {
  return position;
}

export function outcomeView(outcome: CommandOutcome): OutcomeView {
  if (outcome.status === 'accepted') return { status: 'accepted', kind: null, reason: null };
  const { kind, message } = outcome.status === 'rejected' ? outcome.reason : outcome.cause;
  return { status: outcome.status, kind, reason: message };
}
