import type { OrderView } from '@speed-protocol/protocol';
import { isOver, type LiveAccount } from '../../live/trading/live-account.js';

/** What became of the order that was placed last, as it becomes known. */
export function OrderResult({ live, placed, onClose }: { live: LiveAccount; placed: OrderView; onClose: () => void }) {
  const order = live.orders.get(placed.clientOrderId) ?? placed;
  const { status, side, amount, filled, averagePrice, reason } = order;
  return (
    <p class={`order-result status-${status.toLowerCase()}`} data-testid="order-result" data-status={status} role="status">
      <b>{status.replaceAll('_', ' ').toLowerCase()}</b> {side} {amount}
      {Number(filled) > 0 && `, ${filled} at ${averagePrice ?? '–'}`}
      {reason && !isOver(order) && <small> {reason}</small>}
      {reason && status === 'REJECTED' && <small> {reason}</small>}
      <button type="button" aria-label="Close" onClick={onClose}>
        ×
      </button>
    </p>
  );
}
