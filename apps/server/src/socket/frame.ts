/** The longest payloads that the three forms of a WebSocket header can say. */
const SHORT = 125;
const MEDIUM = 0xffff;

/** A whole unmasked WebSocket text message, ready for any client's socket: the text is encoded here and nowhere else. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length <= SHORT ? 2 : length <= MEDIUM ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = 0x81; // final fragment, text
  if (header === 2) frame[1] = length;
  else writeLength(frame, header, length);
  frame.write(text, header, 'utf8');
  return frame;
}

function writeLength(frame: Buffer, header: number, length: number): void {
  frame[1] = header === 4 ? 126 : 127;
  if (header === 4) frame.writeUInt16BE(length, 2);
  else frame.writeBigUInt64BE(BigInt(length), 2);
}
