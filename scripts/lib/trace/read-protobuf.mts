/** One field of a message: a number, or bytes that are a text or another message. */
export interface Field {
  number: number;
  value: bigint | Buffer;
}

/**
 * Reads the fields of one protobuf message in the order they come, without a schema: what the numbers mean
 * is the caller's to know. Throws on anything that protobuf's wire format does not have.
 */
export function* readFields(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at];
      if (byte === undefined || shift > 63n) throw new Error('The protobuf message is cut off.');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const bytes = (length: number): Buffer => {
    if (at + length > message.length) throw new Error('The protobuf message is cut off.');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    if ((tag & 7) === 0) yield { number, value: varint() };
    else if ((tag & 7) === 1) yield { number, value: bytes(8).readBigUInt64LE() };
    else if ((tag & 7) === 2) yield { number, value: bytes(Number(varint())) };
    else if ((tag & 7) === 5) yield { number, value: BigInt(bytes(4).readUInt32LE()) };
    else throw new Error(`Protobuf has no wire type ${tag & 7}.`);
  }
}
