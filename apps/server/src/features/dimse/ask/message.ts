import { type CommandSet, commandPdus, datasetPdus } from '@negatoscope/dimse';

/** Written at a time, before the other side is waited for. */
const RUN_BYTES = 262_144;

/** One side of an association, as far as sending goes. */
export interface Wire {
  /** The other side's maximum. */
  readonly peerMax: number;
  /** Sends whole P-DATA-TF; resolves when more may be sent, and fails when the association is over. */
  readonly transmit: (pdus: readonly Uint8Array[]) => Promise<void>;
  readonly abort: () => void;
}

/** A dataset that is there whole. */
export async function* oneRun(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

const joined = (odd: Uint8Array, more: Uint8Array): Uint8Array => (odd.length === 0 ? more : Buffer.concat([odd, more]));

async function sendRun(
  wire: Wire,
  contextId: number,
  run: { readonly bytes: Uint8Array; readonly endsHere: boolean },
): Promise<void> {
  let pdus: Uint8Array[] = [];
  let bytes = 0;
  for (const pdu of datasetPdus(contextId, run, wire.peerMax)) {
    pdus.push(...pdu);
    bytes += pdu[1]?.length ?? 0;
    if (bytes < RUN_BYTES) continue;
    await wire.transmit(pdus);
    [pdus, bytes] = [[], 0];
  }
  if (pdus.length > 0) await wire.transmit(pdus);
}

/**
 * Sends a message; resolves when all of it is on its way. The dataset's first run is had before the first byte goes out: what fails there costs nothing. What fails
 * later aborts the association, since nobody could tell where the dataset ends.
 */
export async function sendMessage(
  wire: Wire,
  { contextId, command }: { readonly contextId: number; readonly command: CommandSet },
  dataset: AsyncIterable<Uint8Array>,
): Promise<void> {
  const runs = dataset[Symbol.asyncIterator]();
  let next = await runs.next();
  let odd: Uint8Array = new Uint8Array(0);
  try {
    await wire.transmit(commandPdus(contextId, command, wire.peerMax));
    do {
      const run: Uint8Array = next.done === true ? odd : joined(odd, next.value);
      if (next.done !== true) next = await runs.next();
      const endsHere = next.done === true;
      // Only what ends the dataset may have an odd length.
      const length = endsHere ? run.length : run.length - (run.length % 2);
      odd = run.subarray(length);
      if (length > 0 || endsHere) await sendRun(wire, contextId, { bytes: run.subarray(0, length), endsHere });
    } while (next.done !== true);
  } catch (error) {
    wire.abort();
    throw error;
  } finally {
    await runs.return?.();
  }
}
