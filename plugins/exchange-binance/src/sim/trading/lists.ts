import { say } from '../venue-error.js';

const LONG_NUMBER = /(?<=[[,\s])\d{16,}(?=[\],\s])/g;

/**
 * A list in JSON text; numbers too long for float64 stay exact, as text.
 * @throws VenueError -1130 when it is none
 */
export function parseList(text: string, name: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text.replace(LONG_NUMBER, '"$&"'));
    if (Array.isArray(list)) return list as unknown[];
  } catch {
    // Falls through to the venue's words.
  }
  throw say.invalid(name);
}
