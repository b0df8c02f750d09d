/**
 * What the simulated Binance lists: prices near those of autumn 2026, ticks and lots as the venue prints them.
 * `spot`, `linear`: tick and lot; `inverse`: tick (lots are whole contracts). An absent column is not listed there.
 */
export interface AssetRow {
  readonly base: string;
  readonly price: number;
  readonly spot?: readonly [tick: string, lot: string];
  readonly linear?: readonly [tick: string, lot: string];
  readonly inverse?: string;
  /** Multiplied ids on futures, e.g. 1000PEPE. */
  readonly multiplier?: number;
  /** Hours between funding payments where they are not 8. */
  readonly fundingHours?: number;
}

export const ASSETS: readonly AssetRow[] = [
  { base: 'BTC', price: 90_000, spot: ['0.01', '0.00001'], linear: ['0.10', '0.001'], inverse: '0.1' },
  { base: 'ETH', price: 3_000, spot: ['0.01', '0.0001'], linear: ['0.01', '0.001'], inverse: '0.01' },
  { base: 'SOL', price: 140, spot: ['0.01', '0.001'], linear: ['0.0100', '0.01'], inverse: '0.01' },
  { base: 'BNB', price: 850, spot: ['0.01', '0.001'], linear: ['0.010', '0.01'], inverse: '0.01' },
  { base: 'XRP', price: 2.1, spot: ['0.0001', '0.1'], linear: ['0.0001', '0.1'], inverse: '0.0001' },
  { base: 'DOGE', price: 0.15, spot: ['0.00001', '1'], linear: ['0.000010', '1'], inverse: '0.00001' },
  { base: 'PEPE', price: 0.0000045, spot: ['0.00000001', '1'], linear: ['0.0000001', '1'], multiplier: 1000, fundingHours: 4 },
  { base: 'ADA', price: 0.45, spot: ['0.0001', '0.1'], linear: ['0.00010', '1'], inverse: '0.0001' },
  { base: 'AVAX', price: 14, spot: ['0.01', '0.01'], linear: ['0.0010', '1'], inverse: '0.001' },
  { base: 'LINK', price: 13, spot: ['0.01', '0.01'], linear: ['0.001', '0.01'], inverse: '0.001' },
  { base: 'LTC', price: 85, spot: ['0.01', '0.001'], linear: ['0.01', '0.001'], inverse: '0.01' },
  { base: 'TRX', price: 0.28, spot: ['0.0001', '0.1'], linear: ['0.00001', '1'], inverse: '0.00001' },
  { base: 'DOT', price: 2.4, spot: ['0.001', '0.01'], linear: ['0.001', '0.1'], inverse: '0.001' },
  { base: 'BCH', price: 480, spot: ['0.1', '0.001'], linear: ['0.01', '0.001'], inverse: '0.01' },
  { base: 'UNI', price: 6, spot: ['0.001', '0.01'], linear: ['0.0010', '1'], inverse: '0.001' },
  { base: 'NEAR', price: 1.8, spot: ['0.001', '0.1'], linear: ['0.0010', '1'], inverse: '0.001' },
  { base: 'APT', price: 2.6, spot: ['0.001', '0.01'], linear: ['0.00010', '0.1'], inverse: '0.0001' },
  { base: 'SUI', price: 1.5, spot: ['0.0001', '0.1'], linear: ['0.000100', '0.1'], inverse: '0.0001' },
  { base: 'FIL', price: 1.6, spot: ['0.001', '0.01'], linear: ['0.001', '0.1'], inverse: '0.001' },
  { base: 'ATOM', price: 2.5, spot: ['0.001', '0.01'], linear: ['0.001', '0.01'], inverse: '0.001' },
  { base: 'ETC', price: 14, spot: ['0.01', '0.01'], linear: ['0.001', '0.01'], inverse: '0.001' },
  { base: 'ARB', price: 0.2, spot: ['0.0001', '0.1'], linear: ['0.000100', '0.1'], fundingHours: 4 },
  { base: 'OP', price: 0.3, spot: ['0.0001', '0.01'], linear: ['0.0001000', '0.1'], fundingHours: 4 },
  { base: '币安人生', price: 0.12, spot: ['0.0001', '0.1'], linear: ['0.0000100', '1'], fundingHours: 1 },
];
