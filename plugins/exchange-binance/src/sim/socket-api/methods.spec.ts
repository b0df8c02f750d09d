import { expect, it } from 'vitest';
import { PRODUCTS } from '../products.js';
import { methodsOf } from './methods.js';

it.each(PRODUCTS.map((product) => [product.venue, product] as const))('every method of %s has a route', (_, product) => {
  const methods = [...methodsOf(product)];
  expect(methods.length).toBeGreaterThan(10);
  expect(methods.filter(([, route]) => !route).map(([method]) => method)).toEqual([]);
});
