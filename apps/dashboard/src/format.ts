/** Shown where the venue says nothing. */
export const NOTHING = '–';

const formatters = new Map<number, Intl.NumberFormat>();

/** A number with exactly `digits` decimals and thousands separators; {@link NOTHING} for what is unknown. */
export function fixed(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  let formatter = formatters.get(digits);
  if (!formatter) {
    formatter = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formatters.set(digits, formatter);
  }
  return formatter.format(value);
}

const compactFormatter = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 4 });

/** `12.35K`, `4.1B`. */
export function compact(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NOTHING : compactFormatter.format(value);
}

/** Digits after the point of a decimal step: `decimalsOf("0.010")` is 2 (trailing zeros do not count). */
export function decimalsOf(step: string | undefined, fallback: number): number {
  if (step === undefined) return fallback;
  const point = step.indexOf('.');
  return point < 0 ? 0 : step.slice(point + 1).replace(/0+$/, '').length;
}

/** A fraction as a signed percentage: `percent(0.0001, 4)` is `+0.0100%`. */
export function percent(fraction: number | null | undefined, digits: number): string {
  if (fraction === null || fraction === undefined || !Number.isFinite(fraction)) return NOTHING;
  const text = fixed(fraction * 100, digits);
  return `${fraction > 0 ? '+' : ''}${text}%`;
}

/** An age: `0.4 ms`, `12 ms`, `3.4 s`, `5 m`, `2 h`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return NOTHING;
  if (ms < 1000) return `${ms > 0 && ms < 10 ? Number(ms.toFixed(1)) : Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} m`;
  return `${Math.floor(ms / 3_600_000)} h`;
}

/** Time left as `07:59:12`; `due` once it has passed. */
export function countdown(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return NOTHING;
  if (ms <= 0) return 'due';
  const seconds = Math.floor(ms / 1000);
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => `${Math.floor(part)}`.padStart(2, '0')).join(':');
}

/** `14:03:59.123`, UTC. */
export function clockTime(ms: number | null, millis = true): string {
  return ms === null ? NOTHING : new Date(ms).toISOString().slice(11, millis ? 23 : 19);
}
