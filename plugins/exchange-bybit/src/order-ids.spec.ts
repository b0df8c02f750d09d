import { OrderIdMint } from '@speed-protocol/wire';
import { expect, it } from 'vitest';
import { ORDER_IDS } from './order-ids.js';

it('prefix and alphabet keep to the venue’s rule', () => {
  const { pattern, maxLength, alphabet } = ORDER_IDS;
  const mint = new OrderIdMint({ ...ORDER_IDS, prefix: 'speed' });
  for (let i = 0; i < 100; i++) expect(mint.next()).toMatch(pattern);
  for (const character of alphabet) expect(pattern.test(character)).toBe(true);
  for (const good of ['a-b', 'a_b', 'a'.repeat(maxLength)]) expect(pattern.test(good)).toBe(true);
  for (const bad of ['', 'a b', 'a.b', 'a'.repeat(maxLength + 1)]) expect(pattern.test(bad)).toBe(false);
});
