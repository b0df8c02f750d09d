import { OrderIdMint } from '@speed-protocol/wire';
import { expect, it } from 'vitest';
import { parseConfig } from './config.js';
import { ORDER_IDS } from './order-ids.js';

it('prefix and alphabet keep to the venue’s rule', () => {
  const { pattern, maxLength } = ORDER_IDS;
  for (const prefix of [parseConfig({}).orderIdPrefix, 'p'.repeat(40)]) {
    const mint = new OrderIdMint({ ...ORDER_IDS, prefix });
    for (let i = 0; i < 100; i++) expect(mint.next()).toMatch(pattern);
  }
  for (const bad of ['', 'a b', 'ü', 'a'.repeat(maxLength + 1)]) expect(pattern.test(bad)).toBe(false);
});
