import type { Params, Row, VenueAccount } from '@speed-protocol/wire';
import { NO_CHANGE } from './errors.js';
import type { BybitExchange } from './exchange.js';
import { pageFromWire } from './formats.js';
import * as formats from './order-formats.js';
import { CONTRACTS } from './symbols.js';
import type { WireList } from './types.js';

const POSITION_PAGE = 200;

/** Only perpetuals in USDT have two legs; all of them alike, so that one tells. */
const HEDGED = { category: 'linear', coin: 'USDT' } as const;
const ONE_OF_THEM = { category: 'linear', symbol: 'BTCUSDT' } as const;
const MODE = { oneWay: 0, hedge: 3 } as const;

/** The account: a unified one. https://bybit-exchange.github.io/docs/v5/account/wallet-balance */
export function accountOf(exchange: BybitExchange): VenueAccount {
  const { venue } = exchange;

  return {
    balances: (ask) =>
      ask('balance', { accountType: 'UNIFIED' }, ({ list: [wallet] }: WireList<Row>) =>
        (wallet!.coin as readonly Row[]).map((row) => ({ venue, ...formats.balanceFromWire(row) })),
      ),
    feeRates: (instrument, ask) =>
      ask('feeRates', exchange.nameOf(instrument), ({ list: [row] }: WireList<Row>) => formats.feeRatesFromWire(row!)),
    positions: {
      positions: (instrument, ask) => {
        const page = (params: Params) => ask('positions', { ...params, limit: POSITION_PAGE }, pageFromWire);
        const asked = instrument ? [exchange.nameOf(instrument)] : CONTRACTS;
        return exchange.rowsOf('positions', asked, page, formats.positionFromWire);
      },
      setLeverage: (instrument, leverage, ask) => {
        const [buyLeverage, sellLeverage] = [String(leverage), String(leverage)];
        return ask('setLeverage', { ...exchange.nameOf(instrument), buyLeverage, sellLeverage });
      },
      /** Of the whole account: the venue has no margin mode per symbol. */
      setMarginMode: (_, mode, ask) =>
        ask('setMarginMode', { setMarginMode: mode === 'cross' ? 'REGULAR_MARGIN' : 'ISOLATED_MARGIN' }),
      hedgeMode: (ask) =>
        ask('positions', ONE_OF_THEM, ({ list }: WireList<Row>) => list.some(({ positionIdx }) => positionIdx !== 0)),
      setHedgeMode: (on, ask) => ask('switchMode', { ...HEDGED, mode: on ? MODE.hedge : MODE.oneWay }),
      unchanged: NO_CHANGE,
    },
  };
}
