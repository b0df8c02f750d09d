import type { PositionsSpec, Row, VenueAccount } from '@speed-protocol/wire';
import { NO_CHANGE } from './errors.js';
import type { BinanceExchange } from './exchange.js';
import { feeRatesFromWire, futuresBalance, positionFromWire, spotBalance } from './order-formats.js';
import type { SocketStamp } from './order-text.js';

type Rows = readonly Row[];

/** The account of one venue. https://developers.binance.com/docs: "Account" of each product. */
export function accountOf(exchange: BinanceExchange): VenueAccount<SocketStamp> {
  const { venue } = exchange;
  const isSpot = venue === 'binance';
  return {
    /** Of currencies of which there is something. */
    balances: (ask) =>
      ask('balances', isSpot ? { omitZeroBalances: true } : {}, (body: Row | Rows) =>
        ((isSpot ? (body as Row)['balances'] : body) as Rows)
          .map((row) => ({ venue, ...(isSpot ? spotBalance : futuresBalance)(row) }))
          .filter(({ total, free }) => Number(total) !== 0 || Number(free) !== 0),
      ),
    feeRates: (instrument, ask) => ask('feeRates', exchange.nameOf(instrument), feeRatesFromWire),
    positions: isSpot ? undefined : positionsOf(exchange),
  };
}

function positionsOf(exchange: BinanceExchange): PositionsSpec {
  const { venue } = exchange;
  const isUsdm = venue === 'binanceusdm';
  return {
    /** Those that are open. COIN-M knows no single symbol here, only a pair. */
    async positions(instrument, ask) {
      const named = instrument && isUsdm ? exchange.nameOf(instrument) : {};
      const [rows, configs] = await Promise.all([
        ask('positions', named, (all: Rows) => all.filter(({ positionAmt }) => Number(positionAmt) !== 0)),
        isUsdm ? ask('symbolConfig', named, (all: Rows) => new Map(all.map((row) => [row.symbol, row]))) : undefined,
      ]);
      const wanted = rows.filter(({ symbol }) => instrument === undefined || symbol === instrument.venueSymbol);
      return exchange.read('positions', () =>
        wanted.map((row) =>
          positionFromWire(venue, exchange.unified(String(row['symbol'])), { ...configs?.get(row['symbol']), ...row }),
        ),
      );
    },
    setLeverage: (instrument, leverage, ask) => ask('setLeverage', { ...exchange.nameOf(instrument), leverage }),
    setMarginMode: (instrument, mode, ask) =>
      ask('setMarginMode', { ...exchange.nameOf(instrument), marginType: mode === 'cross' ? 'CROSSED' : 'ISOLATED' }),
    hedgeMode: (ask) => ask('hedgeMode', {}, ({ dualSidePosition }: Row) => String(dualSidePosition) === 'true'),
    setHedgeMode: (on, ask) => ask('setHedgeMode', { dualSidePosition: on }),
    unchanged: NO_CHANGE,
  };
}
