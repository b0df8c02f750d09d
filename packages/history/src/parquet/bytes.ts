const encoder = new TextEncoder();

/** Bytes that grow as they are written; kept and used again after {@link clear}. */
export class Bytes {
  data = new Uint8Array(1 << 12);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** Makes room for `count` more. */
  reserve(count: number): void {
    if (this.length + count <= this.data.length) return;
    const larger = new Uint8Array(Math.max(this.length + count, 2 * this.data.length));
    larger.set(this.data.subarray(0, this.length));
    this.data = larger;
  }

  byte(value: number): void {
    this.reserve(1);
    this.data[this.length++] = value;
  }

  set(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.data.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Length in four bytes, then UTF-8: a PLAIN string. */
  text(value: string): void {
    const bytes = encoder.encode(value);
    this.uint32(bytes.length);
    this.set(bytes);
  }

  uint32(value: number): void {
    this.reserve(4);
    this.uint32At(this.length, value);
    this.length += 4;
  }

  /** Overwrites. */
  uint32At(at: number, value: number): void {
    for (let k = 0; k < 4; k++) this.data[at + k] = value >>> (8 * k);
  }

  /** Unsigned, up to 2^53. */
  varint(value: number): void {
    this.reserve(8);
    let rest = value;
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) this.data[this.length++] = (rest % 128) | 128;
    for (; rest > 127; rest >>>= 7) this.data[this.length++] = (rest & 127) | 128;
    this.data[this.length++] = rest;
  }

  /** Signed, up to 2^52. */
  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** What was written, in a buffer of its own. */
  copy(): Uint8Array {
    return this.data.slice(0, this.length);
  }
}
