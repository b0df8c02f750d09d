import {
  type AccountDeclaration,
  type Amendment,
  isDecimal,
  type NewOrder,
  type OrderRef,
  SpeedError,
  type TradingDeclaration,
} from '@speed-protocol/core';

/** What an order must keep to before anything is sent. */
export interface OrderRules {
  readonly venue: string;
  readonly trading: TradingDeclaration;
  readonly account: AccountDeclaration;
  /** What a client order id may look like. */
  readonly clientOrderId: RegExp;
}

/** @throws SpeedError `invalid-request` or `unsupported`: nothing is sent that cannot be right */
export function checkOrder(rules: OrderRules, order: NewOrder): void {
  const { clientOrderId, type, amount, price, timeInForce } = order;
  if (!rules.clientOrderId.test(clientOrderId)) {
    throw wrong(rules, `clientOrderId must match ${rules.clientOrderId} and is "${clientOrderId}"`);
  }
  checkPositive(rules, 'amount', amount);
  if (type === 'limit') checkPositive(rules, 'price', price ?? '');
  else if (price !== undefined || timeInForce !== undefined) {
    throw wrong(rules, 'a market order takes neither price nor timeInForce');
  }
  checkDeclared(rules, 'orderTypes', type);
  if (timeInForce !== undefined) checkDeclared(rules, 'timeInForce', timeInForce);
  if (order.reduceOnly === true || order.positionSide !== undefined) checkPosition(rules, order);
}

/** @throws SpeedError `invalid-request`, `unsupported` */
export function checkAmendment(rules: OrderRules, { price, amount }: Amendment): void {
  if (price === undefined && amount === undefined) throw wrong(rules, 'an amendment needs a price or an amount');
  if (price !== undefined) checkPositive(rules, 'price', price);
  if (amount !== undefined) checkPositive(rules, 'amount', amount);
  const { amend = [] } = rules.trading;
  if (price === undefined || amend.includes('price')) return;
  throw unsupported(rules, `amends ${amend.join(' and ')} only; cancel the order and place a new one`);
}

/** @throws SpeedError `invalid-request` */
export function checkNamed({ venue }: OrderRules, { clientOrderId, venueOrderId }: OrderRef): void {
  if (clientOrderId !== undefined || venueOrderId !== undefined) return;
  throw wrong({ venue }, 'an order is named by clientOrderId or venueOrderId; neither is given');
}

function checkPosition(rules: OrderRules, { reduceOnly, positionSide, side }: NewOrder): void {
  if (!rules.account.positions) throw unsupported(rules, 'has no positions: no reduceOnly, no positionSide');
  if (reduceOnly === true && !rules.trading.reduceOnly) throw unsupported(rules, 'has no reduceOnly');
  if (positionSide !== undefined && !rules.account.hedgeMode) throw unsupported(rules, 'has no hedge mode: no positionSide');
  // On a leg of its own the direction says whether an order reduces; venues ignore or refuse the flag.
  if (reduceOnly === true && positionSide !== undefined && (positionSide === 'long') === (side === 'buy')) {
    throw wrong(rules, `a ${side} of the ${positionSide} leg opens and cannot be reduceOnly`);
  }
}

function checkDeclared(rules: OrderRules, what: 'orderTypes' | 'timeInForce', value: string): void {
  const declared: readonly string[] = rules.trading[what];
  if (!declared.includes(value)) throw unsupported(rules, `has no ${value}; its ${what} are ${declared.join(', ')}`);
}

function checkPositive(rules: OrderRules, name: string, text: string): void {
  if (isPlainlyPositive(text) || (isDecimal(text) && Number(text) > 0)) return;
  throw wrong(rules, `${name} must be a positive decimal and is "${text}"`);
}

/** Digits, at most one point among them, and not all zeros: looked at one by one, which costs a fifth of a pattern and a number. */
function isPlainlyPositive(text: string): boolean {
  let points = 0;
  let isPositive = false;
  const last = text.length - 1;
  for (let i = 0; i <= last; i++) {
    const code = text.charCodeAt(i);
    if (code > 48 && code <= 57) isPositive = true;
    else if (code === 46 && i > 0 && i < last) points++;
    else if (code !== 48) return false;
  }
  return isPositive && points <= 1;
}

function wrong({ venue }: Pick<OrderRules, 'venue'>, why: string): SpeedError {
  return new SpeedError('invalid-request', `${venue}: ${why}`, { venue });
}

function unsupported({ venue }: OrderRules, why: string): SpeedError {
  return new SpeedError('unsupported', `${venue} ${why}`, { venue });
}
