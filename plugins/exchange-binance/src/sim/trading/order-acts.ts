import type { OrderAct } from '@speed-protocol/simulator';
import type { Params } from '../rest/params.js';
import type { Caller } from './authenticate.js';

type Action = OrderAct['action'];

/** What the actions do with orders; those that only ask do nothing. First match wins. */
const ACTS: readonly (readonly [RegExp, Action])[] = [
  [/^(order|batch|algoOrder)\.place$|cancelReplace/, 'place'],
  [/modify|amend/, 'amend'],
  [/cancel/i, 'cancel'],
];

export function actionKind(name: string): Action | undefined {
  return ACTS.find(([pattern]) => pattern.test(name))?.[1];
}

/** Names of ids in answers and in requests, the most telling first. */
const ORDER_IDS = ['orderId', 'algoId', 'cancelOrderId'];
const CLIENT_IDS = ['origClientOrderId', 'clientOrderId', 'clientAlgoId', 'newClientOrderId', 'cancelOrigClientOrderId'];

/** The orders that a request was about, from the answer that it got; from the request where that was a refusal. */
export function orderActs(action: Action, { account }: Caller, params: Params, answer: unknown): readonly OrderAct[] {
  const rows = ordersIn(answer);
  const read = (name: string) => params.optional(name);
  const asked = { account: account.id, action, symbol: read('symbol') ?? '' };
  if (rows.length === 0) return [{ ...asked, ...idsOf(read), done: answer !== undefined }];
  return rows.map((row) => {
    const field = (name: string) => text(row[name]);
    return { ...asked, symbol: field('symbol') ?? asked.symbol, ...idsOf(field), done: true };
  });
}

function idsOf(read: (name: string) => string | undefined): Pick<OrderAct, 'orderId' | 'clientId'> {
  const first = (names: readonly string[]) => names.map(read).find((id) => id !== undefined);
  return { orderId: first(ORDER_IDS), clientId: first(CLIENT_IDS) };
}

type Row = Readonly<Record<string, unknown>>;

/** The orders of an answer: itself, its elements, or the new one of a replacement. */
function ordersIn(answer: unknown): readonly Row[] {
  if (typeof answer !== 'object' || answer === null) return [];
  if (Array.isArray(answer)) return answer.flatMap(ordersIn);
  const row = answer as Row;
  if (row['newOrderResponse'] !== undefined) return ordersIn(row['newOrderResponse']);
  return ORDER_IDS.some((name) => row[name] !== undefined) ? [row] : [];
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
