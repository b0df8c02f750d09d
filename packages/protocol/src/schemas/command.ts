import { z } from 'zod';
import { positiveAmount } from './scalars.js';

/** One command: what it is for, what it takes, what it gives. */
export const command = <P extends z.ZodType, R extends z.ZodType>(summary: string, params: P, result: R) => ({
  summary,
  params,
  result,
});

const amounts = {
  base: positiveAmount.optional().describe('how much, in base currency'),
  quote: positiveAmount.optional().describe('how much, in quote currency'),
  contracts: positiveAmount.optional().describe("how much, in the instrument's own unit: contracts, or base on spot"),
};

export const feeRate = z.number().min(-0.1).max(0.1).optional().describe('taker fee as a fraction');

/** Parameters with a size in exactly one of three units. */
export const oneAmount = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z
    .strictObject({ ...shape, ...amounts })
    .refine(
      ({ base, quote, contracts }: { base?: unknown; quote?: unknown; contracts?: unknown }) =>
        [base, quote, contracts].filter((each) => each !== undefined).length === 1,
      { error: 'give the amount in exactly one of base, quote and contracts' },
    );
