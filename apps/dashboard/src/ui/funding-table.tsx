import type { Instrument } from '@speed-protocol/core';
import { useEffect, useState } from 'preact/hooks';
import { countdown, fixed, NOTHING, percent } from '../format.js';
import { byInterest, searchInstruments } from '../live/choice.js';
import type { Directory } from '../live/directory.js';
import { type FundingColumn, type FundingRow, fundingRow, sortFunding } from '../live/funding.js';
import { formatRoute } from '../route.js';
import { useCells, useOldness, usePage } from './context.js';
import { direction } from './ticker.js';
import { unitsOf } from './units.js';

/** More rows than this are not streamed: the filter narrows them. */
const MAX_ROWS = 120;

interface Sort {
  /** `null`: most wanted contracts first. */
  readonly column: FundingColumn | null;
  readonly descending: boolean;
}

const COLUMNS: readonly { readonly key: FundingColumn; readonly title: string; readonly hint: string }[] = [
  { key: 'symbol', title: 'Contract', hint: 'Unified symbol' },
  { key: 'venue', title: 'Venue', hint: 'Venue id' },
  { key: 'rate', title: 'Rate', hint: 'Current rate per interval' },
  { key: 'predictedRate', title: 'Predicted', hint: 'For the settlement after the next, where the venue publishes one' },
  { key: 'nextFundingTime', title: 'Next in', hint: 'Time to the next settlement' },
  { key: 'intervalHours', title: 'Interval', hint: "The venue's real interval" },
  { key: 'apr', title: 'APR', hint: 'Rate x 8760 / interval; unknown interval, no APR' },
  { key: 'markPrice', title: 'Mark', hint: 'Mark price' },
  { key: 'indexPrice', title: 'Index', hint: 'Index price' },
];
const TEXT_COLUMNS: ReadonlySet<FundingColumn> = new Set(['symbol', 'venue']);

function whyEmpty(filter: string, { server, unanswered }: Directory): string {
  if (server === null) return 'Waiting for the server…';
  if (unanswered.length > 0) return 'Asking the venues for their contracts…';
  return filter ? `No contract matches “${filter}”.` : 'No installed venue lists a contract with funding.';
}

/** Funding of every perpetual that has it, over all venues. */
export function FundingTable() {
  const { directory, markets, clock } = usePage();
  useCells(directory.cell, clock);
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<Sort>({ column: null, descending: true });
  const contracts = useContracts(filter);
  const shown = contracts.slice(0, MAX_ROWS);
  useFundingFeeds(shown);
  const rows = shown.map((instrument) => fundingRow(instrument, markets.get(instrument).funding));
  const sorted = sort.column === null ? rows : sortFunding(rows, sort.column, sort.descending);
  return (
    <section class="panel funding" aria-label="Funding">
      <h2>
        Funding
        <span class="dim">
          {contracts.length > shown.length ? `${shown.length} of ${contracts.length}` : shown.length} perpetuals
        </span>
        <input
          type="text"
          aria-label="Filter the funding table"
          placeholder="Filter"
          spellcheck={false}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      </h2>
      {shown.length === 0 ? (
        <p class="empty">{whyEmpty(filter, directory)}</p>
      ) : (
        <div class="scroll">
          <table data-testid="funding">
            <Head sort={sort} onSort={(column) => setSort((old) => nextSort(old, column))} />
            <tbody>
              {sorted.map((row) => (
                <Row key={`${row.venue}:${row.symbol}`} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Contracts with funding that match the filter, most wanted first. */
function useContracts(filter: string): readonly Instrument[] {
  const { directory } = usePage();
  const contracts = directory.all().filter((instrument) => hasFunding(instrument));
  const names = new Map(directory.venues.map(({ id, name }) => [id, name]));
  return filter === '' ? contracts.sort(byInterest) : searchInstruments(contracts, names, filter, contracts.length);

  function hasFunding({ kind, venue }: Instrument): boolean {
    return kind === 'perpetual' && directory.venue(venue)?.capabilities.market?.feeds.includes('funding') === true;
  }
}

/** Keeps the funding feeds of the shown contracts running. */
function useFundingFeeds(shown: readonly Instrument[]): void {
  const { markets } = usePage();
  useEffect(() => {
    const closers = shown.map(({ venue, symbol }) => markets.watch({ venue, symbol }, [{ feed: 'funding' }]));
    return () => {
      for (const close of closers) close();
    };
  }, [shown.map(({ venue, symbol }) => `${venue}:${symbol}`).join()]);
}

function Head({ sort, onSort }: { sort: Sort; onSort: (column: FundingColumn) => void }) {
  return (
    <thead>
      <tr>
        {COLUMNS.map(({ key, title, hint }) => (
          <th scope="col" key={key} title={hint} aria-sort={ariaSort(sort, key)}>
            <button type="button" onClick={() => onSort(key)}>
              {title}
              <i aria-hidden="true">{sort.column === key ? (sort.descending ? '▾' : '▴') : ''}</i>
            </button>
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Row({ row }: { row: FundingRow }) {
  const { directory, markets, now } = usePage();
  const old = useOldness(markets.get(row));
  const units = unitsOf(directory.instrument(row));
  return (
    <tr class={old('funding')}>
      <td>
        <a href={formatRoute({ view: 'market', venue: row.venue, symbol: row.symbol })}>{row.symbol}</a>
      </td>
      <td class="dim">{row.venue}</td>
      <td class={direction(row.rate)}>{percent(row.rate, 4)}</td>
      <td class={direction(row.predictedRate)}>{percent(row.predictedRate, 4)}</td>
      <td>{countdown(row.nextFundingTime === null ? null : row.nextFundingTime - now())}</td>
      <td>{row.intervalHours === null ? NOTHING : `${row.intervalHours} h`}</td>
      <td class={direction(row.apr)}>{percent(row.apr, 2)}</td>
      <td>{fixed(row.markPrice, units.priceDigits)}</td>
      <td class="dim">{fixed(row.indexPrice, units.priceDigits)}</td>
    </tr>
  );
}

/** The same column again turns the order round; figures begin with the largest, texts with A. */
function nextSort(old: Sort, column: FundingColumn): Sort {
  return { column, descending: old.column === column ? !old.descending : !TEXT_COLUMNS.has(column) };
}

function ariaSort({ column, descending }: Sort, key: FundingColumn) {
  if (column !== key) return 'none';
  return descending ? 'descending' : 'ascending';
}
