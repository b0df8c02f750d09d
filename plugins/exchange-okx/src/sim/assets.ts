/**
 * What the simulated OKX lists: prices near those of autumn 2026, ticks, lots and contract values as the venue has them.
 * `swap`: USDT contracts, `inverse`: the tick of USD contracts. An absent column is not listed there.
 */
export interface AssetRow {
  readonly base: string;
  readonly price: number;
  readonly spot: readonly [tick: string, lot: string];
  readonly swap?: readonly [contractValue: string, tick: string, lot: string];
  readonly inverse?: string;
  /** Hours between funding payments where they are not 8. */
  readonly fundingHours?: number;
}

export const ASSETS: readonly AssetRow[] = [
  { base: 'BTC', price: 90_000, spot: ['0.1', '0.00000001'], swap: ['0.01', '0.1', '0.01'], inverse: '0.1' },
  { base: 'ETH', price: 3_000, spot: ['0.01', '0.000001'], swap: ['0.1', '0.01', '0.01'], inverse: '0.01' },
  { base: 'SOL', price: 140, spot: ['0.01', '0.000001'], swap: ['1', '0.01', '0.01'], inverse: '0.01' },
  { base: 'XRP', price: 2.1, spot: ['0.0001', '0.000001'], swap: ['100', '0.0001', '0.01'], inverse: '0.0001' },
  { base: 'DOGE', price: 0.15, spot: ['0.00001', '0.000001'], swap: ['1000', '0.00001', '0.01'], inverse: '0.00001' },
  { base: 'PEPE', price: 0.0000045, spot: ['0.000000001', '1'], swap: ['10000000', '0.000000001', '0.1'], fundingHours: 4 },
  { base: 'ADA', price: 0.45, spot: ['0.0001', '0.0001'], swap: ['100', '0.0001', '0.1'], inverse: '0.0001' },
  { base: 'LTC', price: 85, spot: ['0.01', '0.000001'], swap: ['1', '0.01', '0.1'], inverse: '0.01' },
  { base: 'LINK', price: 13, spot: ['0.001', '0.000001'], swap: ['1', '0.001', '0.1'], inverse: '0.001' },
  { base: 'AVAX', price: 14, spot: ['0.001', '0.000001'], swap: ['1', '0.001', '0.1'], inverse: '0.001' },
  { base: 'TRX', price: 0.28, spot: ['0.00001', '0.01'], swap: ['1000', '0.00001', '0.1'] },
  { base: 'BNB', price: 850, spot: ['0.1', '0.00001'], swap: ['0.01', '0.1', '1'], fundingHours: 4 },
  { base: 'SUI', price: 1.5, spot: ['0.0001', '0.0001'], swap: ['1', '0.0001', '1'], fundingHours: 4 },
  { base: 'OKB', price: 110, spot: ['0.01', '0.00001'] },
];
