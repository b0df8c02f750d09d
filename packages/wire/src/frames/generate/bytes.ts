/** UTF-8 bytes of a key with its quotes and colon, as a compact writer sends it. */
export function keyBytes(key: string, prefix = ''): Uint8Array {
  return Buffer.from(`${prefix}${JSON.stringify(key)}:`);
}

/** Source of a test that the scratch buffer holds exactly these bytes at `p`, four at a time. */
export function matches(expected: Uint8Array, at = 'p'): string {
  const view = Buffer.from(expected);
  const tests: string[] = [];
  const offset = (index: number) => (index === 0 ? at : `${at} + ${index}`);
  if (view.length < 4) {
    for (const [index, byte] of view.entries()) tests.push(`B[${offset(index)}] === ${byte}`);
    return tests.join(' && ');
  }
  const word = (index: number) => tests.push(`D.getInt32(${offset(index)}, true) === ${view.readInt32LE(index)}`);
  for (let index = 0; index + 4 <= view.length; index += 4) word(index);
  // The rest is tested by one word that overlaps the last one.
  if (view.length % 4 !== 0) word(view.length - 4);
  return tests.join(' && ');
}
