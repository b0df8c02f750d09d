/** Whether these hold depends on how fast the machine is. */
export const REAL_TIME = "ccxt's proof of life runs in real time, the checks in virtual time";
const EQUITY = "ccxt's total on derivatives is what the account is worth, open profit included";
const NO_END = 'ccxt does not hear that its key has expired: the stream is silent from then on';

const NO_SILENCE = 'ccxt does not notice a subscription that dies while its socket lives';

/** Checks that do not hold through the bridge, by venue and name, and why; docs/ccxt.md tells them to users. */
export const LIMITS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  binanceusdm: {
    'heals after a half-open connection': REAL_TIME,
    'comes back after a half-open connection, and says that it was away': REAL_TIME,
    'comes back after its key or session expires, and says that it was away': NO_END,
    'one book that falls silent is noticed, told and healed': NO_SILENCE,
    'tells and trades on when its key or login has grown old': REAL_TIME,
    'rest: an order that comes late is carried out, as nothing else is declared':
      'here ccxt sends until when an order is wanted, on other exchanges not: it is not declared',
    "balances are the ledger's, to the last unit": EQUITY,
    'never earns a 429, however much is asked at once (360 snapshots)': "ccxt's weights are not all the exchange's own",
    'funding: current rate, real interval, APR from both': 'ccxt does not tell the interval here, so there is no APR',
  },
  okx: {
    'heals after a half-open connection': REAL_TIME,
    'heals when snapshots fail or hang': REAL_TIME,
    'comes back after a half-open connection, and says that it was away': REAL_TIME,
    "balances are the ledger's, to the last unit": EQUITY,
    'trade: figures are those of the market': "ccxt's stream takes the trades of one order together",
    'heals after a frame that comes twice': 'ccxt takes a repeated frame for a hole',
    'rest: GTC stays': 'ccxt does not tell the time in force of plain limit orders here',
    '120 open orders are listed, however long a page of the venue is': 'ccxt lists one page of them',
    'candles of every declared interval (14) come as asked':
      "ccxt's days are those of Hong Kong here, and its six hours parts of them",
    'candle: figures are those of the market': 'ccxt counts the volume of candles in coins, not in contracts',
    'a market order and its fills are told, digit for digit as in the ledger':
      "ccxt's stream tells fees with the exchange's sign",
    'one book that falls silent is noticed, told and healed': NO_SILENCE,
    'tells and trades on when its key or login has grown old': REAL_TIME,
    'rest: reduce-only without a position does nothing': 'ccxt has no class for this refusal, and without one it proves nothing',
  },
};
