/** G.711, the telephone's 8-bit companding (ITU-T G.711, 1988): one byte to one 16-bit sample. */

/** By code: a sign, three bits of exponent and four of mantissa, stored inverted and biased by 132. */
export const MU_LAW: Readonly<Int16Array> = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 132) << ((bits & 0x70) >> 4)) - 132;
  return bits & 0x80 ? -magnitude : magnitude;
});

/** By code: every other bit is stored inverted; the lowest exponent has no leading one. */
export const A_LAW: Readonly<Int16Array> = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = code ^ 0x55;
  const exponent = (bits & 0x70) >> 4;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
  return bits & 0x80 ? magnitude : -magnitude;
});

/** 16-bit little-endian PCM of G.711 bytes. @param table {@link MU_LAW} or {@link A_LAW} */
export function decodeG711(bytes: Uint8Array, table: Readonly<Int16Array>): Uint8Array {
  const pcm = new Uint8Array(2 * bytes.length);
  const view = new DataView(pcm.buffer);
  for (let i = 0; i < bytes.length; i++) view.setInt16(2 * i, table[bytes[i]!]!, true);
  return pcm;
}
