import type { Account, UserOrder } from '@speed-protocol/simulator';
import type { Params } from '../rest/params.js';
import type { Call, Route, RouteContext } from '../rest/route.js';
import { isAskedFor } from '../rows.js';
import { tradeSeq } from '../text.js';
import { say } from '../venue-error.js';
import { orderRow, positionRow, summaryRow, userTradeRow } from './bodies.js';
import { detailsOf, type FillRecord } from './desk.js';
import { cancel, cancelWhere, edit, editByLabel, isOpen, place, required } from './orders.js';

type Run = (context: RouteContext, call: Call) => unknown;
const matching = (name: string, run: Run): Route => ({ name: `private/${name}`, pool: 'matching', run });
const asking = (name: string, run: Run): Route => ({ name: `private/${name}`, run });

const ofInstrument = (context: RouteContext, params: Params) => {
  const { listing } = context.market(params);
  return ({ symbol }: { readonly symbol: string }) => symbol === listing.venueSymbol;
};
/** Of a `currency` and a `kind`, where they are named. */
const ofCurrency = (context: RouteContext, params: Params) => {
  const [currency, kind] = [params.text('currency'), params.text('kind')];
  return ({ symbol }: { readonly symbol: string }) => isAskedFor(context.desk.market(symbol).listing, currency, kind);
};

/** https://docs.deribit.com/#trading and #account-management */
export const PRIVATE_ROUTES: readonly Route[] = [
  matching('buy', place('buy')),
  matching('sell', place('sell')),
  matching('edit', edit),
  matching('edit_by_label', editByLabel),
  matching('cancel', cancel),
  matching(
    'cancel_by_label',
    cancelWhere((context, params) => byLabel(context, params)),
  ),
  matching(
    'cancel_all',
    cancelWhere(() => () => true),
  ),
  matching('cancel_all_by_instrument', cancelWhere(ofInstrument)),
  matching('cancel_all_by_currency', cancelWhere(ofCurrency)),
  asking('get_order_state', (context, { account, params }) =>
    orderRow(context, required(context, account!, params.required('order_id'))),
  ),
  asking('get_order_state_by_label', (context, { account, params }) => {
    const isWanted = ofCurrency(context, params);
    const found = context.desk.labelled(account!, params.required('label')).filter(isWanted);
    return found.map((order) => orderRow(context, order));
  }),
  asking('get_open_orders', openOrders(ofCurrency)),
  asking('get_open_orders_by_currency', openOrders(ofCurrency)),
  asking('get_open_orders_by_instrument', openOrders(ofInstrument)),
  asking('get_open_orders_by_label', openOrders(byLabel)),
  asking('get_order_history_by_currency', orderHistory(ofCurrency)),
  asking('get_order_history_by_instrument', orderHistory(ofInstrument)),
  asking('get_user_trades_by_instrument', userTrades(ofInstrument)),
  asking('get_user_trades_by_instrument_and_time', userTrades(ofInstrument)),
  asking('get_user_trades_by_currency', userTrades(ofCurrency)),
  asking('get_user_trades_by_currency_and_time', userTrades(ofCurrency)),
  asking('get_user_trades_by_order', tradesOfOrder),
  asking('get_account_summary', (context, { account, params }) => summaryRow(context, account!, params.required('currency'))),
  asking('get_account_summaries', summaries),
  asking('get_positions', positions),
  asking('get_position', position),
  asking('enable_cancel_on_disconnect', (_, call) => cancelOnDisconnect(call, true)),
  asking('disable_cancel_on_disconnect', (_, call) => cancelOnDisconnect(call, false)),
  asking('get_cancel_on_disconnect', (_, { session }) => ({
    scope: 'connection',
    enabled: session?.cancelOnDisconnect ?? false,
  })),
  asking('logout', (_, { session }) => session?.logOut()),
];

function byLabel(context: RouteContext, params: Params): (order: UserOrder) => boolean {
  const label = params.required('label');
  const isWanted = ofCurrency(context, params);
  return (order) => detailsOf(order).label === label && isWanted(order);
}

type Choice<T> = (context: RouteContext, params: Params) => (of: T) => boolean;

function openOrders(chosen: Choice<UserOrder>): Run {
  return (context, { account, params }) =>
    account!
      .openOrders()
      .filter(chosen(context, params))
      .map((order) => orderRow(context, order));
}

/** Newest first. */
function orderHistory(chosen: Choice<UserOrder>): Run {
  return (context, { account, params }) => {
    const ended = account!.orders.filter((order) => !isOpen(order)).filter(chosen(context, params));
    const told = params.flag('include_unfilled') ? ended : ended.filter(({ filled }) => filled > 0);
    const offset = params.integer('offset', 0);
    const page = told.toReversed().slice(offset, offset + params.integer('count', 20, 1_000));
    return page.map((order) => orderRow(context, order));
  };
}

function userTrades(chosen: Choice<FillRecord>): Run {
  return (context, { account, params }) => {
    const within = (value: number, from: string, to: string) =>
      value >= params.integer(from, Number.MIN_SAFE_INTEGER) && value <= params.integer(to, Number.MAX_SAFE_INTEGER);
    const found = context.desk
      .fills(account!.id)
      .filter(chosen(context, params))
      .filter((fill) => within(fill.time, 'start_timestamp', 'end_timestamp'))
      .filter(({ tradeId }) => within(tradeSeq({ id: tradeId }), 'start_seq', 'end_seq'));
    const count = Math.max(1, params.integer('count', 10, 1_000));
    const upwards = params.word('sorting', ['asc', 'desc', 'default'], 'default') === 'asc';
    const page = upwards ? found.slice(0, count) : found.slice(-count).reverse();
    return { trades: page.map((fill) => userTradeRow(context, account!, fill)), has_more: found.length > page.length };
  };
}

function tradesOfOrder(context: RouteContext, { account, params }: Call): unknown {
  const order = required(context, account!, params.required('order_id'));
  const fills = context.desk.fills(account!.id).filter(({ symbol, orderId }) => symbol === order.symbol && orderId === order.id);
  const rows = fills.map((fill) => userTradeRow(context, account!, fill));
  return params.text('sorting') === 'desc' ? rows.reverse() : rows;
}

function summaries(context: RouteContext, { account }: Call): unknown {
  return {
    id: idNumber(account!),
    email: 'sim@example.com',
    username: account!.id,
    system_name: account!.id,
    type: 'main',
    creation_timestamp: 1_700_000_000_000,
    summaries: account!.balances.map(({ asset }) => summaryRow(context, account!, asset)),
  };
}

function idNumber({ credentials }: Account): number {
  return Number.parseInt(credentials.apiKey.slice(0, 5), 36);
}

function positions(context: RouteContext, { account, params }: Call): unknown {
  const isWanted = ofCurrency(context, params);
  return account!.positions
    .filter(({ terms }) => isWanted({ symbol: terms.symbol }))
    .map((each) => positionRow(context, account!, each));
}

function position(context: RouteContext, { account, params }: Call): unknown {
  const { listing } = context.market(params);
  const terms = context.desk.accounts.terms(listing.venueSymbol)!;
  if (!terms.derivative) throw say.wrong('instrument_name', 'has no positions');
  return positionRow(context, account!, account!.position(terms, 'net'));
}

function cancelOnDisconnect({ session }: Call, on: boolean): string {
  if (!session) throw say.badRequest('only over websocket');
  session.cancelOnDisconnect = on;
  return 'ok';
}
