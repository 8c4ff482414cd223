import { COMMA, CR, LF, QUOTE, SPACE, TAB } from './json-bytes.js';
import { JsonMalformed, JsonNotAnArray, JsonTruncated } from './json.errors.js';

/**
 * Re-writes a JSON array in UTF-8 as one element on each line, so that line n is element n.
 *
 * Only strings and brackets are looked at: whatever else is wrong with an element is found, and reported for
 * its row, by whoever reads the line. The result has as many bytes as the array: the comma behind an element
 * becomes a line break, and line breaks within become blanks. Memory: one buffer.
 *
 * The bytes throw JsonNotAnArray, JsonMalformed, and JsonTruncated at the end of an array that has none.
 */
export async function* rewriteJsonArray(text: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const rewriter = new ArrayRewriter();
  for await (const bytes of text) yield rewriter.push(bytes);
  rewriter.end();
}

enum State {
  /** Before the array. */
  Start,
  /** Behind `[`: an element or the end. */
  First,
  /** Behind a comma: an element. */
  Next,
  Element,
  String,
  /** Behind a backslash in a string. */
  Escape,
  /** Behind the array. */
  End,
}

class ArrayRewriter {
  private state: State = State.Start;
  /** The brackets that are open within the element. */
  private readonly open: number[] = [];
  private elements = 0;
  private offset = 0;

  push(source: Buffer): Buffer {
    const bytes = Buffer.from(source);
    const size = bytes.length;
    let { state } = this;
    for (let at = 0; at < size; at++) {
      const byte = bytes[at] ?? 0;
      if (state === State.String) {
        if (byte === QUOTE) state = State.Element;
        else if (byte === BACKSLASH) state = State.Escape;
        else if (byte === LF || byte === CR) bytes[at] = NO_LINE_BREAK;
        continue;
      }
      if (state === State.Escape) {
        state = State.String;
        if (byte === LF || byte === CR) bytes[at] = NO_LINE_BREAK;
        continue;
      }
      if (byte === SPACE || byte === TAB) continue;
      if (byte === LF || byte === CR) {
        bytes[at] = SPACE;
        continue;
      }
      if (state === State.First || state === State.Next) {
        if (byte === COMMA || (byte === CLOSE_ARRAY && state === State.Next)) {
          this.refuse(at, 'there is nothing before the comma or behind the last one.');
        }
        state = State.Element;
        this.elements++;
        if (byte === CLOSE_ARRAY) {
          this.elements--;
          bytes[at] = LF;
          state = State.End;
          continue;
        }
      }
      if (state === State.Element) {
        switch (byte) {
          case QUOTE:
            state = State.String;
            break;
          case OPEN_ARRAY:
          case OPEN_OBJECT:
            if (this.open.push(byte + 2) > MAX_DEPTH) this.refuse(at, TOO_DEEP);
            break;
          case COMMA:
            if (this.open.length > 0) break;
            bytes[at] = LF;
            state = State.Next;
            break;
          case CLOSE_ARRAY:
          case CLOSE_OBJECT:
            if (this.open.length > 0 && this.open.pop() === byte) break;
            if (this.open.length > 0 || byte === CLOSE_OBJECT) this.refuse(at, MISMATCH);
            bytes[at] = LF;
            state = State.End;
            break;
        }
        continue;
      }
      if (state === State.Start && byte === OPEN_ARRAY) {
        bytes[at] = SPACE;
        state = State.First;
        continue;
      }
      if (state === State.Start) throw new JsonNotAnArray(rootOf(byte));
      this.refuse(at, 'something follows behind the end of the array.');
    }
    this.state = state;
    this.offset += size;
    return bytes;
  }

  end(): void {
    if (this.state === State.End) return;
    if (this.state === State.Start) throw new JsonNotAnArray('nothing');
    throw new JsonTruncated(Math.max(0, this.elements - (this.state === State.Next ? 0 : 1)));
  }

  private refuse(at: number, reason: string): never {
    throw new JsonMalformed(Math.max(1, this.elements), this.offset + at, reason);
  }
}

const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** A control character, as a line break within a string is one: not valid JSON, and no line break. */
const NO_LINE_BREAK = 0x01;
const MAX_DEPTH = 1000;
const TOO_DEEP = `it is nested deeper than ${MAX_DEPTH} times.`;
const MISMATCH = 'a bracket closes that was not opened.';

function rootOf(byte: number): string {
  switch (byte) {
    case OPEN_OBJECT:
      return 'one object';
    case QUOTE:
      return 'one string';
    default:
      return 'a single value';
  }
}
