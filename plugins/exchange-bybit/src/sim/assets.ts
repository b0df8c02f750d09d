/**
 * What the simulated Bybit lists: prices near those of autumn 2026, ticks and steps as the venue has them. `linear`: USDT
 * perpetuals, `inverse`: the tick of coin perpetuals. An absent column is not listed there.
 */
export interface AssetRow {
  readonly base: string;
  readonly price: number;
  readonly spot?: readonly [tick: string, step: string];
  readonly linear?: readonly [tick: string, step: string];
  readonly inverse?: string;
  /** Hours between funding payments where they are not 8. */
  readonly fundingHours?: number;
}

export const ASSETS: readonly AssetRow[] = [
  { base: 'BTC', price: 90_000, spot: ['0.01', '0.000001'], linear: ['0.10', '0.001'], inverse: '0.10' },
  { base: 'ETH', price: 3_000, spot: ['0.01', '0.00001'], linear: ['0.01', '0.01'], inverse: '0.05' },
  { base: 'SOL', price: 140, spot: ['0.01', '0.0001'], linear: ['0.010', '0.1'], inverse: '0.010' },
  { base: 'XRP', price: 2.1, spot: ['0.0001', '0.01'], linear: ['0.0001', '0.1'], inverse: '0.0001' },
  { base: 'DOGE', price: 0.15, spot: ['0.00001', '0.1'], linear: ['0.00001', '1'], inverse: '0.00001' },
  { base: '1000PEPE', price: 0.0045, linear: ['0.0000001', '100'], fundingHours: 4 },
  { base: 'ADA', price: 0.45, spot: ['0.0001', '0.01'], linear: ['0.0001', '1'], inverse: '0.0001' },
  { base: 'LTC', price: 85, spot: ['0.01', '0.00001'], linear: ['0.01', '0.1'], inverse: '0.01' },
  { base: 'LINK', price: 13, spot: ['0.001', '0.001'], linear: ['0.001', '0.1'], inverse: '0.001' },
  { base: 'AVAX', price: 14, spot: ['0.01', '0.001'], linear: ['0.001', '0.1'] },
  { base: 'TRX', price: 0.28, spot: ['0.0001', '0.01'], linear: ['0.00001', '1'] },
  { base: 'BNB', price: 850, spot: ['0.1', '0.0001'], linear: ['0.10', '0.01'] },
  { base: 'SUI', price: 1.5, spot: ['0.0001', '0.01'], linear: ['0.00010', '10'], fundingHours: 4 },
  { base: 'MNT', price: 1.1, spot: ['0.0001', '0.01'], linear: ['0.0001', '1'], inverse: '0.0001' },
];
