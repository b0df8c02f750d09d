import { priceImpact } from '@speed-protocol/book';
import { type Decimal, decimal, decimalPlaces, fromScaled, type Instrument, SpeedError, toScaled } from '@speed-protocol/core';
import type { CancelReport, TradingAccount } from '@speed-protocol/host';
import type { CommandName, CommandResult } from '@speed-protocol/protocol';
import type { tradingCommands } from '@speed-protocol/protocol/schemas';
import { placeFor, wishOf } from '../trading/place.js';
import { stopPnl, watchPnl } from '../trading/pnl.js';
import { balanceView, fillView, outcomeView, positionView } from '../trading/views.js';
import { withBook } from './books.js';
import type { CommandContext, Handler, Params } from './context.js';

type TradingCommand = keyof typeof tradingCommands & CommandName;

/** What each command on accounts does. */
export const tradingHandlers: { readonly [C in TradingCommand]: Handler<C> } = {
  accounts: (_params, { trading }, { user }) => ({ user: user.name, accounts: trading.accounts.list(user) }),
  resume: ({ session, after, follow }, { trading }, caller) => ({
    ...caller.resume(session, after ?? 0, follow),
    accounts: trading.accounts.list(caller.user),
  }),
  place: async ({ account: name, ref, ...params }, { trading }, caller, signal) => {
    const account = await trading.accounts.tradable(caller.user, name);
    // Whoever was told that there is no answer must not get an order afterwards.
    signal.throwIfAborted();
    return { order: trading.accounts.order(account, await placeFor(trading, account, caller.stream(), wishOf(params), ref)) };
  },
  amend: async ({ account: name, clientOrderId, price, amount }, { trading }, { user }) => {
    const account = await trading.accounts.tradable(user, name);
    const outcome = await account.amend(clientOrderId, {
      ...(price !== undefined && { price: decimal(price) }),
      ...(amount !== undefined && { amount: decimal(amount) }),
    });
    return { outcome: outcomeView(outcome), order: trading.accounts.order(account, account.order(clientOrderId)) };
  },
  cancel: async ({ account: name, clientOrderId }, { trading }, { user }) => {
    const account = await trading.accounts.tradable(user, name);
    const outcome = await account.cancel(clientOrderId);
    return { outcome: outcomeView(outcome), order: trading.accounts.order(account, account.order(clientOrderId)) };
  },
  cancel_all: async ({ account: name, symbol }, { trading }, { user }, signal) => {
    const account = await trading.accounts.tradable(user, name);
    return cancelView(trading, account, await account.cancelAll(symbol, { signal }));
  },
  order: async ({ account: name, clientOrderId }, { trading }, { user }) => {
    const account = await trading.accounts.get(user, name);
    const order = trading.accounts.order(account, account.order(clientOrderId));
    return { order, fills: fillsOf(account, clientOrderId) };
  },
  orders: async ({ account: name, limit, ...filter }, { trading }, { user }) => {
    const account = await trading.accounts.get(user, name);
    const found = account.orders(filter).toSorted((a, b) => b.createdAt - a.createdAt);
    return {
      orders: found.slice(0, limit ?? found.length).map((each) => trading.accounts.order(account, each)),
      total: found.length,
    };
  },
  fills: async ({ account: name, symbol, clientOrderId, limit }, { trading }, { user }) => {
    const account = await trading.accounts.get(user, name);
    const orders = clientOrderId === undefined ? account.orders({ symbol }) : [account.order(clientOrderId)];
    const found = orders.flatMap((each) => fillsOf(account, each.clientOrderId)).toSorted((a, b) => b.time - a.time);
    return { fills: found.slice(0, limit ?? found.length), total: found.length };
  },
  balances: async ({ account: name }, { trading }, { user }) => {
    const account = await trading.accounts.get(user, name);
    return { balances: (await account.balances()).map(balanceView) };
  },
  positions: async ({ account: name, symbol }, { trading }, { user }) => {
    const account = await trading.accounts.get(user, name);
    return { positions: (await account.positions(symbol)).map(positionView) };
  },
  analyze: async (params, context, _caller, signal) => (await analyze(params, context, signal)).analysis,
  analyze_and_place: async ({ account: name, dryRun, maxImpactPercent, reduceOnly, ref, ...size }, context, caller, signal) => {
    const { trading } = context;
    const account = await (dryRun ? trading.accounts.get(caller.user, name) : trading.accounts.tradable(caller.user, name));
    const { analysis, instrument } = await analyze({ ...size, venue: account.venue }, context, signal);
    if (dryRun) return { ...analysis, order: null };
    signal.throwIfAborted();
    const amount = amountOf(analysis.priceImpact, instrument, maxImpactPercent);
    const wish = wishOf({ symbol: size.symbol, side: size.side, type: 'market', amount, reduceOnly });
    const order = await placeFor(trading, account, caller.stream(), wish, ref);
    return { ...analysis, order: trading.accounts.order(account, order) };
  },
  watch_pnl: async ({ account: name, clientOrderId }, { trading, config }, caller) => {
    const account = await trading.accounts.get(caller.user, name);
    watchPnl(account, clientOrderId, caller.stream(), trading.host.clock, config.limits);
    return { clientOrderId, watching: true };
  },
  stop_pnl: async ({ account: name, clientOrderId }, { trading }, caller) => {
    await trading.accounts.get(caller.user, name);
    return { clientOrderId, wasWatching: stopPnl(name, clientOrderId, caller.stream()) };
  },
  kill_switch: async ({ account: name, on, reason }, { trading }, { user }) => {
    const account = await trading.accounts.tradable(user, name);
    if (on) await account.kill(reason ?? `by ${user.name}`);
    else account.resume();
    return { account: trading.accounts.view(user, name) };
  },
  shutdown: async ({ account: name, flatten }, { trading }, { user }, signal) => {
    const account = await trading.accounts.tradable(user, name);
    const report = await account.shutdown({ ...(flatten !== undefined && { flatten }), signal });
    const { cancelled, flattened, positions, confirmed, problems } = report;
    return {
      cancelled: cancelView(trading, account, cancelled),
      flattened: flattened.map((each) => trading.accounts.order(account, each)),
      positions: positions.map(positionView),
      confirmed,
      problems: [...problems],
    };
  },
};

const fillsOf = (account: TradingAccount, clientOrderId: string) =>
  account.fills(clientOrderId).map((each) => fillView(account.id, clientOrderId, each));

function cancelView({ accounts }: CommandContext['trading'], account: TradingAccount, { orders, left, confirmed }: CancelReport) {
  return { orders: orders.map((each) => accounts.order(account, each)), left: [...left], confirmed };
}

type Size = Params<'analyze'>;

/** What a market order of this size would pay, and the funding rate where there is one. */
export async function analyze({ venue, symbol, ...request }: Size, context: CommandContext, signal: AbortSignal) {
  const [impact, funding] = await Promise.all([
    withBook({ venue, symbol }, context, signal, ({ book }) => {
      const { sequence, ageMs } = book.status();
      const found = priceImpact(book, book.instrument, request as Parameters<typeof priceImpact>[2]);
      return { instrument: book.instrument, impact: { venue, symbol, side: request.side, sequence, ageMs, ...found } };
    }),
    fundingOf(venue, symbol, context, signal),
  ]);
  const analysis: CommandResult<'analyze'> = { priceImpact: impact.impact, funding };
  return { analysis, instrument: impact.instrument };
}

async function fundingOf(venue: string, symbol: string, { connect }: CommandContext, signal: AbortSignal) {
  const connector = await connect(venue);
  const { kind } = await connector.reference.instrument(symbol, { signal });
  return kind === 'perpetual' && connector.funding ? connector.funding.current(symbol, { signal }) : null;
}

/** Floating-point dust of an amount that is on the grid. */
const DUST = 1e-9;

/**
 * The analysed amount, rounded down to the lot.
 * @throws SpeedError `unavailable` when the book is too thin or the price too far
 */
function amountOf(impact: CommandResult<'price_impact'>, instrument: Instrument, maxImpactPercent: number | undefined): Decimal {
  const refuse = (why: string) => new SpeedError('unavailable', `Nothing was placed: ${why}`, { outcomeKnown: true });
  if (!impact.complete) throw refuse('the book does not hold that much');
  if (maxImpactPercent !== undefined && (impact.impactPercent ?? 0) > maxImpactPercent)
    throw refuse(`it would cost ${impact.impactPercent} %, more than ${maxImpactPercent} %`);
  return floorToLot(impact.contracts, instrument);
}

/** A number as a legal amount that is not above it. */
function floorToLot(amount: number, { lotSize }: Instrument): Decimal {
  const lots = BigInt(Math.floor(amount / Number(lotSize) + DUST));
  const scale = decimalPlaces(lotSize);
  return fromScaled(lots * toScaled(lotSize, scale), scale);
}
