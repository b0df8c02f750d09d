import { type Decimal, SpeedError } from '@speed-protocol/core';
import { analyze } from '../commands/trading.js';
import type { Desk } from './desk.js';
import { balanceData, fundingData, impactData, orderData, truncate } from './shapes.js';

/** A message as it came: every member may be missing or of any type. */
export type Message = Readonly<Record<string, unknown>>;

interface Action {
  /** Whether "processing" is said at once. */
  readonly isProcessed: boolean;
  run(message: Message, desk: Desk): Promise<void>;
}

const paramsOf = ({ params }: Message): Message => (typeof params === 'object' && params !== null ? (params as Message) : {});

function sideOf(side: unknown): 'buy' | 'sell' {
  if (side === 'buy' || side === 'sell') return side;
  throw new SpeedError('invalid-request', 'params.side must be "buy" or "sell"');
}

async function placeMarket(message: Message, desk: Desk): Promise<void> {
  const { symbol, side, amount } = paramsOf(message);
  const { account, instrument } = await desk.open(message, symbol);
  const wish = { symbol: instrument.symbol, side: sideOf(side), type: 'market' } as const;
  await desk.place(message, account, { ...wish, amount: truncate('amount', amount, instrument.lotSize) });
}

async function placeLimit(message: Message, desk: Desk): Promise<void> {
  const { symbol, side, amount, price } = paramsOf(message);
  const { account, instrument } = await desk.open(message, symbol);
  const wish = { symbol: instrument.symbol, side: sideOf(side), type: 'limit' } as const;
  const grid = {
    amount: truncate('amount', amount, instrument.lotSize),
    price: truncate('price', price, instrument.tickSize),
  };
  await desk.place(message, account, { ...wish, ...grid });
}

async function analyzeAndPlace(message: Message, desk: Desk): Promise<void> {
  const { symbol, side, trade_volume_quote: volume, dry_run: dryRun = false } = paramsOf(message);
  if (typeof volume !== 'number' || !(volume > 0))
    throw new SpeedError('invalid-request', 'params.trade_volume_quote must be a positive number');
  const { account, instrument } = await desk.open(message, symbol);
  const size = { venue: account.venue, symbol: instrument.symbol, side: sideOf(side), quote: volume };
  const { analysis } = await analyze(size, desk.context, desk.signal);
  const impact = impactData(volume, analysis.priceImpact);
  const data = { price_impact: impact, funding_rate: fundingData(instrument.symbol, analysis.funding) };
  desk.say({ action: 'pre_trade_analysis', status: 'completed', data });
  if (dryRun === true) return;
  if (impact.status === 'error') throw new SpeedError('unavailable', `Cannot place order: ${impact.message}`);
  const amount = truncate('amount', analysis.priceImpact.contracts, instrument.lotSize);
  await desk.place(message, account, { symbol: instrument.symbol, side: size.side, type: 'market', amount });
}

async function cancelOrder(message: Message, desk: Desk): Promise<void> {
  const { account, order } = await desk.find(message, paramsOf(message));
  const outcome = await account.cancel(order.clientOrderId);
  if (outcome.status === 'rejected') throw outcome.reason;
  const ended = await desk.end(account, order);
  desk.say({ action: 'cancel_order', status: ended.status === 'FILLED' ? 'closed' : 'canceled', data: orderData(ended) });
}

async function amendOrder(message: Message, desk: Desk): Promise<void> {
  const { price, amount } = paramsOf(message);
  const { account, order, instrument } = await desk.find(message, paramsOf(message));
  const change: { price?: Decimal; amount?: Decimal } = {
    ...(price !== undefined && { price: truncate('price', price, instrument.tickSize) }),
    ...(amount !== undefined && { amount: truncate('amount', amount, instrument.lotSize) }),
  };
  if (Object.keys(change).length === 0) throw new SpeedError('invalid-request', 'params.price or params.amount must be given');
  const outcome = await account.amend(order.clientOrderId, change);
  if (outcome.status !== 'accepted') throw outcome.status === 'rejected' ? outcome.reason : outcome.cause;
  const data = { ...orderData(account.order(order.clientOrderId)), ...numbers(change) };
  desk.say({ action: 'amend_order', status: 'amended', data });
}

/** What was sent: the venue's own word may come later. */
const numbers = (change: object) => Object.fromEntries(Object.entries(change).map(([key, value]) => [key, Number(value)]));

async function getOrder(message: Message, desk: Desk): Promise<void> {
  const { order } = await desk.find(message, paramsOf(message));
  const data = orderData(order);
  desk.say({ action: 'get_order', status: data.status, data });
}

async function getAccountInfo(message: Message, desk: Desk): Promise<void> {
  const { account } = await desk.account(message);
  const balances = await account.balances();
  desk.say({ action: 'get_account_info', status: 'completed', data: balanceData(balances, await account.positions()) });
}

/** The actions of the prototype, by name. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  place_market_order: { isProcessed: true, run: placeMarket },
  place_limit_order: { isProcessed: true, run: placeLimit },
  analyze_and_place_order: { isProcessed: true, run: analyzeAndPlace },
  cancel_order: { isProcessed: true, run: cancelOrder },
  amend_order: { isProcessed: true, run: amendOrder },
  get_order: { isProcessed: true, run: getOrder },
  get_account_info: { isProcessed: true, run: getAccountInfo },
  stop_pnl: { isProcessed: false, run: async (message, desk) => desk.stopPnl(message, paramsOf(message)) },
  start_orderbook: { isProcessed: false, run: (message, desk) => desk.books.start(message) },
  stop_orderbook: { isProcessed: false, run: async (_message, desk) => desk.books.stop() },
  stop_orderbook_persistence: { isProcessed: false, run: (_message, desk) => desk.books.stopRecording() },
};
