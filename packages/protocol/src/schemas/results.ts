import type { CapabilityDeclaration, ConnectionStatus, FundingRate, FundingRecord, Instrument } from '@speed-protocol/core';
import { z } from 'zod';
import { channel, decimalText, nullableNumber, time } from './scalars.js';

/** The schema is for documents and checks; the type is core's own. */
const as = <T>(schema: z.ZodType): z.ZodType<T> => schema as z.ZodType<T>;

export const instrument = as<Instrument>(
  z.object({
    venue: z.string(),
    symbol: z.string(),
    venueSymbol: z.string(),
    kind: z.enum(['spot', 'perpetual', 'future', 'option']),
    status: z.enum(['open', 'halted', 'closed']),
    base: z.string(),
    quote: z.string(),
    settle: z.string().optional(),
    inverse: z.boolean().optional(),
    contractSize: decimalText,
    tickSize: decimalText,
    lotSize: decimalText,
    minAmount: decimalText.optional(),
    maxAmount: decimalText.optional(),
    minNotional: decimalText.optional(),
    minPrice: decimalText.optional(),
    maxPrice: decimalText.optional(),
    expiry: time.optional(),
    strike: decimalText.optional(),
    optionType: z.enum(['call', 'put']).optional(),
    fundingIntervalHours: z.number().optional(),
  }),
);

export const capabilities = as<CapabilityDeclaration>(
  z.object({
    market: z
      .object({
        feeds: z.array(z.string()),
        partialDepths: z.array(z.number()).optional(),
        candleIntervals: z.array(z.string()).optional(),
        polled: z.array(z.string()).optional(),
      })
      .optional(),
    funding: z.object({ current: z.literal(true), predicted: z.boolean(), history: z.boolean() }).optional(),
    trading: z
      .object({
        orderTypes: z.array(z.string()),
        timeInForce: z.array(z.string()),
        amend: z.array(z.string()).optional(),
        batch: z.object({ place: z.int(), cancel: z.int() }).optional(),
        reduceOnly: z.boolean(),
        orderSocket: z.boolean(),
        deadMansSwitch: z.boolean(),
      })
      .optional(),
    account: z.object({ positions: z.boolean(), hedgeMode: z.boolean() }).optional(),
  }),
);

export const connectionStatus = as<ConnectionStatus>(
  z.object({
    name: z.string(),
    state: z.enum(['connecting', 'open', 'closing', 'closed', 'waiting']),
    topics: z.int(),
    reconnects: z.int(),
    lastFrameAt: nullableNumber,
  }),
);

export const fundingRate = as<FundingRate>(
  z.object({
    venue: z.string(),
    symbol: z.string().nullable(),
    venueSymbol: z.string(),
    venueTime: nullableNumber,
    rate: nullableNumber.describe('as a fraction: 0.0001 is one basis point'),
    predictedRate: nullableNumber,
    nextFundingTime: nullableNumber,
    intervalHours: nullableNumber.describe("the venue's real interval; null when unknown, and then there is no APR"),
    markPrice: nullableNumber,
    indexPrice: nullableNumber,
    apr: nullableNumber,
  }),
);

export const fundingRecord = as<FundingRecord>(
  z.object({ venue: z.string(), symbol: z.string(), rate: z.number(), time, markPrice: nullableNumber }),
);

export const priceImpact = z.object({
  venue: z.string(),
  symbol: z.string(),
  side: z.enum(['buy', 'sell']),
  sequence: nullableNumber.describe('of the book that was walked'),
  ageMs: nullableNumber.describe('of the book that was walked'),
  midPrice: nullableNumber,
  averagePrice: nullableNumber.describe('null when nothing can be filled'),
  worstPrice: nullableNumber.describe('the last level that was touched'),
  impactPercent: nullableNumber.describe('average against mid, in percent, positive when it costs the taker'),
  baseAmount: z.number(),
  quoteAmount: z.number(),
  contracts: z.number().describe("in the instrument's own unit: contracts, or base on spot"),
  levels: z.int().describe('levels touched'),
  complete: z.boolean().describe('false when the book is too thin: the amounts are then what it holds'),
  fee: z.object({ amount: z.number(), currency: z.string() }),
});

export const venueDescription = z.object({
  id: z.string(),
  name: z.string(),
  plugin: z.string().describe('package name'),
  pluginVersion: z.string(),
  capabilities,
});

export const describeResult = z.object({
  protocol: z.int(),
  server: z.object({ name: z.string(), version: z.string() }),
  venues: z.array(venueDescription),
  refused: z.array(z.object({ package: z.string(), reason: z.string() })).describe('plugins that were found but not used'),
  limits: z.object({
    frameBytes: z.int(),
    subscriptions: z.int(),
    commandsPerSecond: z.number(),
    bookLevels: z.int(),
    bookIntervalMs: z.number(),
  }),
});

export const statusResult = z.object({
  uptimeMs: z.number(),
  time,
  clients: z.int(),
  channels: z.array(z.object({ channel, subscribers: z.int(), state: z.string() })),
  venues: z.array(z.object({ venue: z.string(), connections: z.array(connectionStatus) })),
  latencyMs: z
    .object({ p50: nullableNumber, p90: nullableNumber, p99: nullableNumber, count: z.int() })
    .describe('received from the venue to written to clients'),
  dropped: z.int().describe('conflated away for slow clients, since start'),
  cuts: z.int().describe('clients cut because they could not keep up, since start'),
});
