import type { OrderView } from '@speed-protocol/protocol';
import type { ComponentChildren } from 'preact';
import { NOTHING } from '../../format.js';
import type { LiveAccount } from '../../live/trading/live-account.js';
import { formatRoute } from '../../route.js';

/** A decimal as the venue wrote it, with thousands separators and without zeros that say nothing. */
export function money(value: string | null, digits = 8): string {
  if (value === null) return NOTHING;
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: digits }).format(value as unknown as number);
}

/** A profit: seven digits that count, whether it is paid in dollars or in bitcoin. */
export function profit(value: string | null): string {
  if (value === null) return NOTHING;
  return new Intl.NumberFormat('en-US', { maximumSignificantDigits: 7 }).format(value as unknown as number);
}

/** Class of a figure by its sign. */
export const tone = (value: string | null): 'up' | 'down' | '' =>
  value === null || Number(value) === 0 ? '' : Number(value) > 0 ? 'up' : 'down';

interface ListProps {
  readonly name: string;
  readonly columns: readonly string[];
  /** What is said when there is nothing. */
  readonly empty: string;
  readonly children: readonly ComponentChildren[];
}

export function List({ name, columns, empty, children }: ListProps) {
  if (children.length === 0) return <p class="empty">{empty}</p>;
  return (
    <table data-testid={name}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col" key={column}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

export function Market({ live, symbol }: { live: LiveAccount; symbol: string }) {
  return (
    <td>
      <a href={formatRoute({ view: 'market', venue: live.view.venue, symbol })}>{symbol}</a>
    </td>
  );
}

export const Side = ({ side }: { side: OrderView['side'] }) => <td class={side === 'buy' ? 'up' : 'down'}>{side ?? NOTHING}</td>;
