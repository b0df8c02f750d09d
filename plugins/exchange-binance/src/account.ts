import type { PositionsSpec, VenueAccount } from '@speed-protocol/wire';
import type { BinanceExchange } from './exchange.js';
import * as formats from './order-formats.js';
import type { SocketStamp } from './order-text.js';
import type * as wire from './types.js';

type Rows<W> = readonly W[];

/** "No need to change" of margin mode and position mode: already so. */
const UNCHANGED: ReadonlySet<string> = new Set(['-4046', '-4059']);

/** The account of one venue. https://developers.binance.com/docs: "Account" of each product. */
export function accountOf(exchange: BinanceExchange): VenueAccount<SocketStamp> {
  const { venue } = exchange;
  const isSpot = venue === 'binance';
  return {
    balances: (ask) =>
      isSpot
        ? ask('balances', { omitZeroBalances: true }, (body: wire.WireSpotAccount) => formats.spotBalancesFromWire(venue, body))
        : ask('balances', {}, (rows: Rows<wire.WireFuturesBalance>) => formats.futuresBalancesFromWire(venue, rows)),
    feeRates: (instrument, ask) => ask('feeRates', exchange.nameOf(instrument), formats.feeRatesFromWire),
    positions: isSpot ? undefined : positionsOf(exchange),
  };
}

function positionsOf(exchange: BinanceExchange): PositionsSpec {
  const { venue } = exchange;
  const isUsdm = venue === 'binanceusdm';
  return {
    async positions(instrument, ask) {
      const named = instrument && isUsdm ? exchange.nameOf(instrument) : {};
      const configs = isUsdm ? ask('symbolConfig', named, (rows: Rows<wire.WireSymbolConfig>) => rows) : [];
      // COIN-M knows no single symbol here, only a pair.
      const asked = ask('positions', named, (rows: Rows<wire.WirePosition>) =>
        rows.filter(({ symbol }) => instrument === undefined || symbol === instrument.venueSymbol),
      );
      const [rows, terms] = await Promise.all([asked, configs]);
      const bySymbol = new Map(terms.map((row) => [row.symbol, row]));
      return exchange.read('positions', () =>
        formats.positionsFromWire(venue, rows, bySymbol, (venueSymbol) => exchange.unified(venueSymbol)),
      );
    },
    setLeverage: (instrument, leverage, ask) => ask('setLeverage', { ...exchange.nameOf(instrument), leverage }),
    setMarginMode: (instrument, mode, ask) =>
      ask('setMarginMode', { ...exchange.nameOf(instrument), marginType: mode === 'cross' ? 'CROSSED' : 'ISOLATED' }),
    hedgeMode: (ask) =>
      ask('hedgeMode', {}, ({ dualSidePosition }: wire.WirePositionMode) => String(dualSidePosition) === 'true'),
    setHedgeMode: (on, ask) => ask('setHedgeMode', { dualSidePosition: on }),
    unchanged: UNCHANGED,
  };
}
