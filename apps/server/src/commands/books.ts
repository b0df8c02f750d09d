import type { BookLease } from '../channels/books.js';
import type { CommandContext } from './context.js';

/** Answers from a book that is live; waits for it. */
export async function withBook<T>(
  { venue, symbol }: { readonly venue: string; readonly symbol: string },
  { books }: Pick<CommandContext, 'books'>,
  signal: AbortSignal,
  read: (lease: BookLease) => T,
): Promise<T> {
  const lease = await books.lease(venue, symbol, signal);
  try {
    await lease.book.whenLive({ signal });
    return read(lease);
  } finally {
    lease.release();
  }
}
