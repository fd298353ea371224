import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ctVolume } from '@negatoscope/testkit';
import { run } from '../../../../packages/testkit/src/testing/run.ts';
import { newId } from '../../src/kernel/ids.ts';
import { clientOf } from '../../src/platform/db/client.ts';

const SCANNER = 'SCANNER';

/** A modality that stores one image after the other by C-STORE, at whichever of several nodes answers. */
export interface DimseLoad {
  /** SOP Instance UIDs of what was answered as stored. */
  readonly acknowledged: readonly string[];
  readonly refused: number;
  /** Until `stop`, once. */
  send(): Promise<void>;
  /** When the last image is answered. */
  stop(): Promise<void>;
}

/** Makes the modality known to the server of this database. */
export async function addScanner(connectionString: string): Promise<void> {
  const client = clientOf({ connectionString });
  await client.connect();
  await client.query(
    `INSERT INTO dicom_nodes (id, name, ae_title, host, port, may_store, may_query, may_retrieve, may_worklist, created_at, updated_at)
     VALUES ($1, $2, $2, '127.0.0.1', 104, true, false, false, false, now(), now())`,
    [newId(), SCANNER],
  );
  await client.end();
}

export async function openDimseLoad(ports: readonly number[]): Promise<DimseLoad> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-scanner-'));
  const acknowledged: string[] = [];
  let [refused, isSending] = [0, true];
  async function store(file: string, turn: number): Promise<boolean> {
    const port = ports[turn % ports.length];
    const { code, output } = await run('storescu', [
      '-v',
      '-aet',
      SCANNER,
      '-aec',
      'NEGATOSCOPE',
      '127.0.0.1',
      String(port),
      file,
    ]);
    return code === 0 && output.includes('Received Store Response (Success)');
  }
  async function send(): Promise<void> {
    for (let turn = 0; isSending; turn += 1) {
      const [image] = ctVolume({ seed: `scanner ${turn}`, slices: 1, rows: 64, columns: 64 });
      if (image === undefined) return;
      const file = path.join(folder, 'image.dcm');
      await writeFile(file, image.bytes);
      for (; isSending; turn += 1) {
        if (await store(file, turn)) {
          acknowledged.push(image.sopInstanceUid);
          break;
        }
        refused += 1;
        await sleep(200);
      }
    }
  }
  let sending = Promise.resolve();
  return {
    acknowledged,
    get refused() {
      return refused;
    },
    send: () => {
      sending = send();
      return sending;
    },
    stop: async () => {
      isSending = false;
      await sending;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
