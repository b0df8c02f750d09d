import { z } from 'zod';
import { decimalText, nullableNumber, side, symbolName, time } from './scalars.js';

/** Money comes in as text: a JSON number has lost its digits before anybody could look. */
export const decimalInput = z
  .string({ error: 'must be a decimal number as text, e.g. "0.001"' })
  .max(60)
  .regex(/^(?=.*[1-9])\d+(?:\.\d+)?$/, { error: 'must be a positive decimal number in plain notation, e.g. "0.001"' })
  .describe('exact decimal number as text, e.g. "0.001"');
export const accountName = z.string().min(1).max(80).describe('an account of the server, by its name in the configuration');
export const clientOrderId = z.string().min(1).max(64).describe('minted by the server when it took the order');
export const orderReference = z
  .string()
  .min(1)
  .max(64)
  .describe("the client's own; repeated in what is told of the order. Placing again with the same one does not place again");

export const ORDER_STATUSES = [
  'PENDING',
  'OPEN',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELED',
  'REJECTED',
  'EXPIRED',
  'UNKNOWN',
] as const;
export const orderStatus = z.enum(ORDER_STATUSES);
const positionSide = z.enum(['long', 'short']);
const nullableDecimal = decimalText.nullable();

/** What an order is, as its owner asks for it. */
export const orderWish = {
  account: accountName,
  symbol: symbolName,
  side,
  type: z.enum(['limit', 'market']),
  amount: decimalInput.describe('base units on spot, contracts on derivatives'),
  price: decimalInput.optional().describe('limit orders only'),
  timeInForce: z.enum(['GTC', 'IOC', 'FOK', 'POST_ONLY']).optional().describe('limit orders only; default GTC'),
  reduceOnly: z.boolean().optional(),
  positionSide: positionSide.optional().describe('hedge mode only'),
  ref: orderReference.optional(),
};

/** An order as all evidence together shows it. */
export const order = z.object({
  account: accountName,
  venue: z.string(),
  symbol: z.string(),
  clientOrderId: z.string(),
  venueOrderId: z.string().nullable().describe('null until the venue has named it'),
  ref: z.string().nullable(),
  status: orderStatus.describe('REJECTED only on proof; UNKNOWN while the server still asks the venue'),
  side: side.nullable(),
  type: z.string().nullable(),
  amount: nullableDecimal,
  price: nullableDecimal,
  filled: decimalText,
  averagePrice: nullableDecimal,
  fillsComplete: z.boolean().describe('false while the venue says that more is filled than the known fills account for'),
  reason: z.string().nullable().describe('why it ended or is unknown'),
  createdAt: time.describe('of the intent; 0 on adopted orders'),
});

export const fill = z.object({
  account: accountName,
  venue: z.string(),
  symbol: z.string(),
  tradeId: z.string(),
  venueOrderId: z.string(),
  clientOrderId: z.string().nullable(),
  side,
  price: decimalText,
  amount: decimalText,
  fee: nullableDecimal.describe('paid; negative is a rebate'),
  feeCurrency: z.string().nullable(),
  liquidity: z.enum(['maker', 'taker']).nullable(),
  realizedPnl: nullableDecimal.describe('in the settle currency; null on spot'),
  positionSide: positionSide.nullable(),
  time,
});

export const balance = z.object({
  currency: z.string(),
  total: decimalText.describe('wallet balance, without unrealised profit'),
  free: nullableDecimal,
});

export const position = z.object({
  symbol: z.string(),
  positionSide: positionSide.nullable().describe('null in one-way mode'),
  amount: decimalText.describe('contracts, signed: negative is short'),
  entryPrice: nullableDecimal,
  markPrice: nullableDecimal,
  liquidationPrice: nullableDecimal,
  unrealizedPnl: nullableDecimal,
  leverage: nullableNumber,
  marginMode: z.enum(['cross', 'isolated']).nullable(),
  updatedAt: time,
});

export const pnl = z.object({
  venue: z.string(),
  symbol: z.string(),
  clientOrderId: z.string(),
  side: z.enum(['long', 'short']),
  entryTime: time,
  entryPrice: decimalText,
  quantity: decimalText.describe('base units on spot, contracts on derivatives'),
  contractSize: decimalText,
  markPrice: nullableDecimal.describe('null until one is known'),
  realizedPnl: decimalText,
  unrealizedPnl: nullableDecimal,
  fees: decimalText.describe('paid for entry and exit; negative is a rebate'),
  funding: decimalText.describe('received; negative is paid'),
  netPnl: nullableDecimal.describe('realised and unrealised, after fees and funding; null without a mark price'),
  otherFees: z.record(z.string(), decimalText).describe('fees in other currencies than the settle currency'),
  settle: z.string().describe('the currency of the amounts of money'),
  open: z.boolean().describe('false on the last update: the position is closed'),
});

/** Whether a cancel or an amendment was taken; what became of the order is in the order. */
export const outcome = z.object({
  status: z.enum(['accepted', 'rejected', 'unknown']),
  kind: z.string().nullable(),
  reason: z.string().nullable().describe('why it was rejected, or why nobody knows'),
});

export const account = z.object({
  account: accountName,
  venue: z.string(),
  environment: z.string().describe('live, testnet, demo or sim'),
  state: z.enum(['opening', 'ready', 'failed', 'closed']),
  reason: z.string().nullable().describe('why it failed'),
  killed: z.boolean().describe('the kill switch is on: nothing new is placed'),
  mayTrade: z.boolean().describe('false: the user may look only'),
});
