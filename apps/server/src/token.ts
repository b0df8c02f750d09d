import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@speed-protocol/core';

/** Compared by hash, so that neither the time nor the length tells anything. */
export function tokenMatches(token: Secret, given: string | undefined): boolean {
  return given !== undefined && timingSafeEqual(digest(token.reveal()), digest(given));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
