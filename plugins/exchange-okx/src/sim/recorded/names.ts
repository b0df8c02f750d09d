/** What an instrument's name says of its type. */
export function typeOf(instId: string): string {
  if (instId.endsWith('-SWAP')) return 'SWAP';
  if (/-\d{6}-\d+(\.\d+)?-[CP]$/.test(instId)) return 'OPTION';
  return /-\d{6}$/.test(instId) ? 'FUTURES' : 'SPOT';
}

/** Interval of a bar's name: `1H` and `6Hutc` are `1h` and `6h`; months stay months. */
export function intervalOf(bar: string): string {
  const name = bar.replace('utc', '');
  return name.endsWith('M') ? name : name.toLowerCase();
}

/** The names that a channel's argument may give for what an event is about: the instrument, its index, its type. */
export function subjectsOf(instId: string): readonly string[] {
  return [instId, instId.split('-').slice(0, 2).join('-'), typeOf(instId)];
}
