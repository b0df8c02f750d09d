import type { Logger } from '@speed-protocol/core';

/** A log for people: warnings and errors, one line each. */
export function textLogger(print: (text: string) => void): Logger {
  const line = (level: string) => (fields: object, message?: string) =>
    print(`${level}: ${message ?? ''} ${describe(fields)}`.trimEnd());
  return { debug() {}, info() {}, warn: line('warning'), error: line('error') };
}

function describe(fields: object): string {
  return Object.entries(fields)
    .map(
      ([key, value]) =>
        `${key}=${value instanceof Error ? value.message : typeof value === 'object' ? JSON.stringify(value) : value}`,
    )
    .join(' ');
}
