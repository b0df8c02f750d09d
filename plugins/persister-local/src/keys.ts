import { SpeedError } from '@speed-protocol/core';

/**
 * Refuses a key that could leave the root or that two systems would read differently.
 * @throws SpeedError `invalid-request`
 */
export function checkKey(key: string): void {
  const segments = key.split('/');
  const bad = segments.some((segment) => segment === '' || segment === '.' || segment === '..' || /[\\\0-\x1f]/.test(segment));
  if (bad) throw new SpeedError('invalid-request', `"${key}" is not a key; write segments joined by "/", without "." and ".."`);
}
