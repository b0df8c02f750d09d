import type { Market } from '@speed-protocol/simulator';
import * as rows from '../rows.js';
import { free, indexOf, instTypeOf } from '../text.js';
import { say } from '../venue-error.js';
import type { Params } from './params.js';
import type { Route, RouteContext } from './route.js';

/** https://www.okx.com/docs-v5/en/#public-data-rest-api */
export const PUBLIC_ROUTES: readonly Route[] = [
  { path: '/public/time', per2s: 10, run: (context) => [{ ts: String(context.now()) }] },
  { path: '/public/instruments', per2s: 20, each: 'instType', run: instruments },
  { path: '/public/funding-rate', per2s: 10, each: 'instId', run: fundingRate },
  { path: '/public/funding-rate-history', per2s: 10, each: 'instId', run: fundingHistory },
  {
    path: '/public/mark-price',
    per2s: 10,
    each: 'instId',
    run: (context, params) => contracts(context, params).map((market) => rows.markPrice(context.texts.of(market))),
  },
  {
    path: '/public/open-interest',
    per2s: 20,
    each: 'instId',
    run: (context, params) => contracts(context, params).map((market) => rows.openInterest(context.texts.of(market))),
  },
  {
    path: '/public/price-limit',
    per2s: 20,
    run: (context, params) => [rows.priceLimit(context.texts.of(context.contract(params)))],
  },
  { path: '/public/liquidation-orders', per2s: 40, run: liquidations },
  { path: '/system/status', per2s: 1, run: () => [] },
];

function instruments(context: RouteContext, params: Params): readonly unknown[] {
  const type = context.type(params);
  const [instId, family] = [params.optional('instId'), params.optional('instFamily') ?? params.optional('uly')];
  // There are no options in this simulation; the venue wants to know of which family, all the same.
  if (type === 'OPTION' && family === undefined) throw say.missing('instFamily');
  const listed = context.venue.listings.filter(
    (listing) =>
      instTypeOf(listing) === type &&
      (instId === undefined || listing.venueSymbol === instId) &&
      (family === undefined || type === 'SPOT' || indexOf(listing) === family),
  );
  if (instId !== undefined && listed.length === 0) throw say.noInstrument();
  return listed.map((listing) => rows.instrument(listing, context.codeOf(listing)));
}

function contracts(context: RouteContext, params: Params): readonly Market[] {
  const family = params.optional('instFamily') ?? params.optional('uly');
  const markets = context.markets(params).filter(({ listing }) => listing.kind !== 'spot');
  return markets.filter(({ listing }) => family === undefined || indexOf(listing) === family);
}

function fundingRate(context: RouteContext, params: Params): readonly unknown[] {
  const chosen = params.required('instId') === 'ANY' ? context.venue.markets : [context.contract(params)];
  const told = chosen.flatMap((market) => (market.funding ? [rows.fundingRate(context.texts.of(market), market.funding)] : []));
  if (told.length === 0) throw say.noInstrument();
  return told;
}

function fundingHistory(context: RouteContext, params: Params): readonly unknown[] {
  const { funding, listing } = context.contract(params);
  if (!funding) throw say.noInstrument();
  return params
    .page(funding.settlements, ({ time }) => time, [400, 400])
    .map(({ time, rate }) => ({
      formulaType: 'withRate',
      fundingRate: free(rate, 16),
      fundingTime: String(time),
      instId: listing.venueSymbol,
      instType: 'SWAP',
      method: 'current_period',
      realizedRate: free(rate, 16),
    }));
}

function liquidations(context: RouteContext, params: Params): readonly unknown[] {
  return contracts(context, params).flatMap((market) =>
    market.liquidations.toReversed().map((liquidation) => rows.liquidation(context.texts.of(market), liquidation)),
  );
}
