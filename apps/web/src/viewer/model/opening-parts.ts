import type { OpeningLine } from '@negatoscope/contract';

/** A part of an opening as it comes. */
export interface FoundPart {
  readonly line: OpeningLine;
  /** Its bytes, unpacked. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Settles when its last byte is here. Fails where the answer ends before, as the body does. */
  readonly ended: Promise<void>;
  /** Fails when its reader reads no more. */
  readonly isRead: Promise<unknown>;
}

const NEWLINE = 0x0a;

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** The parts of an opening (`OpeningLine` in packages/contract), each as soon as its line is here; the next one follows when the one before has ended. Fails where the answer breaks off. */
export async function* partsOfOpening(stream: ReadableStream<Uint8Array>): AsyncGenerator<FoundPart> {
  const reader = stream.getReader();
  let rest: Uint8Array = new Uint8Array();
  /** Whether there is more. */
  const more = async (): Promise<boolean> => {
    const { value } = await reader.read();
    if (value !== undefined) rest = rest.length === 0 ? value : joined(rest, value);
    return value !== undefined;
  };
  const pass = async (length: number, writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>): Promise<void> => {
    for (let left = length; left > 0; ) {
      if (rest.length === 0 && !(await more())) throw new TypeError('The answer breaks off');
      const bytes = Uint8Array.from(rest.subarray(0, left));
      rest = rest.subarray(bytes.length);
      left -= bytes.length;
      // Whoever reads no more has said so; the rest of the answer is read all the same.
      writer.write(bytes).catch(() => undefined);
    }
    writer.close().catch(() => undefined);
  };
  for (;;) {
    let end = rest.indexOf(NEWLINE);
    while (end === -1 && (await more())) end = rest.indexOf(NEWLINE);
    if (end === -1) return;
    const line: OpeningLine = JSON.parse(new TextDecoder().decode(rest.subarray(0, end)));
    rest = rest.subarray(end + 1);
    const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
    const writer = writable.getWriter();
    const ended = pass(line.length, writer).catch((reason: unknown) => {
      writer.abort(reason).catch(() => undefined);
      throw reason;
    });
    const body = line.isPacked ? readable.pipeThrough(new DecompressionStream('gzip')) : readable;
    yield { line, body, ended, isRead: writer.closed };
    await ended;
  }
}
