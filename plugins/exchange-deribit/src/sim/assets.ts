/**
 * What the simulated Deribit lists: prices near those of autumn 2026, ticks, steps and contract sizes as the venue has them.
 * `coin`: contracts that settle in the coin, counted in dollars; `usdc`: contracts that settle in USDC, counted in coins;
 * `spot`: against USDC. An absent column is not listed there.
 */
export interface AssetRow {
  readonly base: string;
  readonly price: number;
  readonly coin?: readonly [tick: string, contract: string];
  readonly usdc?: readonly [tick: string, contract: string];
  readonly spot?: readonly [tick: string, step: string];
}

export const ASSETS: readonly AssetRow[] = [
  { base: 'BTC', price: 90_000, coin: ['0.5', '10'], usdc: ['0.1', '0.0001'], spot: ['1', '0.0001'] },
  { base: 'ETH', price: 3_000, coin: ['0.05', '1'], usdc: ['0.05', '0.001'], spot: ['0.1', '0.0001'] },
  { base: 'SOL', price: 140, usdc: ['0.01', '0.1'], spot: ['0.01', '0.01'] },
  { base: 'XRP', price: 2.1, usdc: ['0.0001', '1'], spot: ['0.0001', '0.1'] },
  { base: 'DOGE', price: 0.15, usdc: ['0.00001', '10'] },
  { base: 'AVAX', price: 14, usdc: ['0.001', '0.1'] },
  { base: 'PAXG', price: 4_100, usdc: ['0.1', '0.001'], spot: ['0.1', '0.001'] },
];
