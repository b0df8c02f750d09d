import { exact, negate, toDecimal } from '@speed-protocol/book';
import type { Position } from '@speed-protocol/core';
import type { OrderDesk } from '../desk/desk.js';
import type { DeskOrder } from '../desk/order-state.js';
import type { OrderRequest } from '../desk/types.js';
import { type Deadline, settled } from './cancel-all.js';
import type { CancelReport, ShutdownReport } from './types.js';

interface ShutdownParts {
  readonly desk: OrderDesk;
  cancelAll(): Promise<CancelReport>;
  /** From the venue, not from memory. */
  positions(): Promise<readonly Position[]>;
  prepare(order: OrderRequest): Promise<void>;
}

/** Closing orders are sent again for what the last ones left, this often at most. */
const ROUNDS = 5;

/** Cancels all, closes positions by reduce-only orders, and reads back what is left. */
export async function shutDown(parts: ShutdownParts, flatten: boolean, deadline: Deadline): Promise<ShutdownReport> {
  const problems: string[] = [];
  const note = (error: unknown) => void problems.push(error instanceof Error ? error.message : String(error));
  let cancelled = await parts.cancelAll();
  const flattened: DeskOrder[] = [];
  for (let round = 0; flatten && round < ROUNDS && inTime(deadline); round++) {
    const positions = await parts.positions().catch(note);
    if (positions?.length === 0) break;
    for (const position of positions ?? [])
      flattened.push(...(await close(parts, position, deadline).catch((e) => [note(e)].flatMap(() => []))));
  }
  // An order that was under way may have come after the first cancel.
  if (!cancelled.confirmed) cancelled = await parts.cancelAll();
  const left = await parts.positions().catch(note);
  const flat = left?.length === 0 || !flatten;
  return { cancelled, flattened, positions: left ?? [], confirmed: cancelled.confirmed && left !== undefined && flat, problems };
}

async function close(parts: ShutdownParts, position: Position, deadline: Deadline): Promise<readonly DeskOrder[]> {
  const request = closing(position);
  await parts.prepare(request);
  const order = await parts.desk.place(request);
  await settled(parts.desk, [order], deadline);
  return [parts.desk.order(order.clientOrderId)];
}

/** The order that closes a position; in hedge mode the leg itself says that it closes. */
function closing({ symbol, amount, positionSide }: Position): OrderRequest {
  const held = exact(amount);
  const short = held.units < 0n || positionSide === 'short';
  const size = toDecimal(held.units < 0n ? negate(held) : held);
  const order = { symbol, side: short ? 'buy' : 'sell', type: 'market', amount: size } as const;
  return positionSide === null ? { ...order, reduceOnly: true } : { ...order, positionSide };
}

function inTime({ clock, at, signal }: Deadline): boolean {
  return clock.now() < at && !signal?.aborted;
}
