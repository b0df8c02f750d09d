import { compact, countdown, fixed, NOTHING, percent } from '../format.js';
import { fundingRow } from '../live/funding.js';
import type { LiveMarket } from '../live/market.js';
import { useCells, useOldness, usePage } from './context.js';
import { Fact } from './facts.js';
import { change, direction } from './ticker.js';
import type { Units } from './units.js';

/** Quote, day statistics and funding of one market. */
export function MarketHeader({ market, units }: { market: LiveMarket; units: Units }) {
  const { ticker, quote } = market;
  const old = useOldness(market);
  const moved = change(ticker);
  const price = (value: number | null | undefined) => fixed(value, units.priceDigits);
  return (
    <dl class="facts">
      <div class={`fact last ${direction(moved)} ${old('ticker')}`}>
        <dt>Last</dt>
        <dd data-testid="last">
          {price(ticker?.last)} <small>{percent(moved, 2)}</small>
        </dd>
      </div>
      <Fact label="Bid" tone="up" old={old('quote')}>
        {price(quote?.bid)} <small>{fixed(quote?.bidSize, units.sizeDigits)}</small>
      </Fact>
      <Fact label="Ask" tone="down" old={old('quote')}>
        {price(quote?.ask)} <small>{fixed(quote?.askSize, units.sizeDigits)}</small>
      </Fact>
      <Fact label="24 h high" old={old('ticker')}>
        {price(ticker?.high)}
      </Fact>
      <Fact label="24 h low" old={old('ticker')}>
        {price(ticker?.low)}
      </Fact>
      <Fact label={`24 h volume ${units.size}`} old={old('ticker')}>
        {compact(ticker?.volume)}
      </Fact>
      {market.openInterest && (
        <Fact label={`Open interest ${units.size}`} old={old('openInterest')}>
          {compact(market.openInterest.amount)}
        </Fact>
      )}
      {market.funding && <FundingFacts market={market} units={units} old={old('funding')} />}
    </dl>
  );
}

function FundingFacts({ market, units, old }: { market: LiveMarket; units: Units; old: string }) {
  const { clock, now } = usePage();
  useCells(clock);
  const funding = market.funding;
  if (!funding) return null;
  const { apr } = fundingRow(market.ref, funding);
  const left = funding.nextFundingTime === null ? null : funding.nextFundingTime - now();
  return (
    <>
      <Fact label="Mark" old={old}>
        {fixed(funding.markPrice, units.priceDigits)}
      </Fact>
      <Fact
        label={`Funding ${funding.intervalHours === null ? '' : `(${funding.intervalHours} h)`}`}
        tone={direction(funding.rate)}
        old={old}
      >
        {percent(funding.rate, 4)} <small>{apr === null ? NOTHING : `${percent(apr, 1)} a year`}</small>
      </Fact>
      <Fact label="Next funding" old={old}>
        {countdown(left)}
      </Fact>
    </>
  );
}
