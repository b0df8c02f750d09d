import { type Logger, silentLogger } from '@speed-protocol/core';

/** A logger that hears of nothing but a venue that was asked for more than it allows. */
export function limitWatch(note: (refusal: string) => void): Logger {
  const info = (fields: object) => {
    const { kind, refusal } = fields as { readonly kind?: string; readonly refusal?: string };
    if (kind === 'rate-limited') note(`asked for too much: ${refusal}`);
  };
  return { ...silentLogger, info };
}
