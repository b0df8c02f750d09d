/** Whether these hold depends on how fast the machine is. */
export const REAL_TIME = "ccxt's proof of life runs in real time, the checks in virtual time";
const EQUITY = "ccxt's total on derivatives is what the account is worth, open profit included";
const NO_END = 'ccxt does not hear that its key has expired: the stream is silent from then on';

/** Checks that do not hold through the bridge, by venue and name, and why; docs/ccxt.md tells them to users. */
export const LIMITS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  binanceusdm: {
    'heals after a half-open connection': REAL_TIME,
    'comes back after a half-open connection, and says that it was away': REAL_TIME,
    'comes back after its key or session expires, and says that it was away': NO_END,
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
    'GTC stays': 'ccxt does not tell the time in force of plain limit orders here',
    'reduce-only without a position does nothing': 'ccxt has no class for this refusal, and without one it proves nothing',
  },
};
