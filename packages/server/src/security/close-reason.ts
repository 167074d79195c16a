/** Most bytes of the reason in a WebSocket's close frame. */
const MAX_BYTES = 123;

/** A sentence as a close frame can hold it: cut to its bytes, never within a character. */
export function closeReason(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_BYTES) return bytes;
  let end = MAX_BYTES;
  // A byte of the form 10xxxxxx goes on with the character before it.
  while ((bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
