import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isStorableUid, parsePart10, writeBareDataset } from '@negatoscope/dicom';
import type { CommandSet } from '@negatoscope/dimse';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CORPUS, HAS_CORPUS, inflateRaw, type ManifestRow, manifest, NO_CORPUS } from '../../../../packages/dicom/test/corpus.ts';
import { Peer } from '../../../../packages/dimse/test/peer.ts';
import { hasDcmtk } from '../../../../packages/testkit/src/testing/read-back.ts';
import { stopDestinations, storescp, takingOnly } from './destination.ts';
import { closeRawPeers, createDimseFixture, type DimseFixture, EXPLICIT, RawPeer, requestOf, run } from './support.ts';

const isLong = process.env.NEGATOSCOPE_LONG_TESTS === '1';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const STUDY_MOVE = '1.2.840.10008.5.1.4.1.2.2.2';
/** DCMTK 3.6.7 does not know these. */
const UNKNOWN_TO_DCMTK = new Set(['1.2.840.10008.1.2.4.201', '1.2.840.10008.1.2.8.1']);

/** Files that are stored without a word; of each transfer syntax the smallest, or all of them in the long tests. */
function chosen(): ManifestRow[] {
  const usable = manifest()
    .filter(({ expected, transfer_syntax_uid, sop_class_uid, sop_instance_uid, study_instance_uid }) =>
      [expected === 'ok', transfer_syntax_uid, sop_class_uid, sop_instance_uid, study_instance_uid].every(Boolean),
    )
    .filter(({ sop_class_uid }) => sop_class_uid !== '1.2.840.10008.1.3.10')
    .sort((one, other) => Number(one.bytes) - Number(other.bytes));
  const [instances, syntaxes] = [new Set<string>(), new Set<string>()];
  return usable.filter(({ transfer_syntax_uid = '', sop_instance_uid = '' }) => {
    // A UID of more than 64 characters is refused (PS3.5 9.1).
    if (!isStorableUid(sop_instance_uid)) return false;
    // Several files are one instance in several forms: the first is stored, the others are kept aside.
    if (instances.has(sop_instance_uid) || (!isLong && syntaxes.has(transfer_syntax_uid))) return false;
    instances.add(sop_instance_uid);
    syntaxes.add(transfer_syntax_uid);
    return true;
  });
}

/** Its UIDs are of VR UN, in which DCMTK finds none. */
const WITHOUT_VRS = 'pydicom-data/explicit_VR-UN.dcm';
const OF_ODD_LENGTH = 'highdicom/dx_image.dcm';
const FILES = chosen();
const isKnownToDcmtk = ({ file, transfer_syntax_uid: uid = '' }: ManifestRow): boolean =>
  !UNKNOWN_TO_DCMTK.has(uid) && file !== WITHOUT_VRS;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(!HAS_CORPUS)(`real files by C-STORE${NO_CORPUS}`, () => {
  let fixture: DimseFixture;
  /** Hashes of what came, as it came. */
  const came: string[] = [];
  beforeAll(async () => {
    fixture = await createDimseFixture({
      keeper: (keeper) => ({
        keep: (instance) => {
          const hash = createHash('sha256');
          async function* tee(): AsyncGenerator<Uint8Array> {
            for await (const run of instance.stream) {
              hash.update(run);
              yield run;
            }
            came.push(hash.digest('hex'));
          }
          return keeper.keep({ ...instance, stream: tee() });
        },
      }),
    });
    await fixture.addNode({ aeTitle: 'SCANNER', mayRetrieve: true });
  });
  afterAll(() => fixture.close());
  afterEach(closeRawPeers);

  const kept = async (sopInstanceUid: string): Promise<Buffer> => {
    const row = await fixture.db.withSystem((tx) =>
      tx.first('SELECT id, group_id, size_bytes FROM instances WHERE sop_instance_uid = $1', [sopInstanceUid]),
    );
    return Buffer.from(await fixture.guarded.read(row?.id ?? '', 0, row?.size_bytes ?? 0));
  };

  test('there is one of every transfer syntax of the test data', () => {
    expect(new Set(FILES.map(({ transfer_syntax_uid }) => transfer_syntax_uid)).size).toBeGreaterThanOrEqual(15);
  });

  test.each(FILES.map((row) => [row.transfer_syntax_uid ?? '', row.file ?? '', row] as const))(
    'in %s the dataset of %s is kept byte for byte',
    async (transferSyntax, file, { sop_class_uid: sopClassUid = '', sop_instance_uid: sopInstanceUid = '' }) => {
      const bytes = readFileSync(path.join(CORPUS, file));
      const dataset = bytes.subarray(parsePart10(bytes, { inflateRaw }).datasetOffset);
      const peer = new RawPeer(fixture.port);
      const accept = await peer.associate(requestOf('SCANNER', [[sopClassUid, transferSyntax]]));
      expect(accept).toMatchObject({ contexts: [{ result: 0, transferSyntax }] });
      peer.command(1, {
        CommandField: 1,
        MessageID: 1,
        CommandDataSetType: 1,
        AffectedSOPClassUID: sopClassUid,
        AffectedSOPInstanceUID: sopInstanceUid,
      });
      peer.dataset(1, dataset);
      expect(await peer.response()).toMatchObject({ Status: 0 });
      const object = await kept(sopInstanceUid);
      const parsed = parsePart10(object, { inflateRaw });
      expect(parsed.transferSyntaxUid).toBe(transferSyntax);
      expect(sha256(object.subarray(parsed.datasetOffset))).toBe(sha256(dataset));
    },
  );

  test
    .skipIf(!hasDcmtk)
    .each(
      FILES.filter((row, place) => isKnownToDcmtk(row) && (isLong || place % 3 === 0)).map(
        (row) => [row.transfer_syntax_uid ?? '', row.file ?? '', row] as const,
      ),
    )('storescu proposes %s alone, and what it sends of %s is kept byte for byte', async (transferSyntax, file, row) => {
    const profile = path.join(fixture.files, 'storescu.cfg');
    writeFileSync(
      profile,
      `[[TransferSyntaxes]]\n[One]\nTransferSyntax1 = ${transferSyntax}\n[[PresentationContexts]]\n[All]\nPresentationContext1 = ${row.sop_class_uid}\\One\n[[Profiles]]\n[Default]\nPresentationContexts = All\n`,
    );
    came.length = 0;
    const args = ['-v', '-aet', 'SCANNER', '-aec', 'NEGATOSCOPE', '-xf', profile, 'Default', '127.0.0.1', String(fixture.port)];
    const { output } = await run('storescu', [...args, path.join(CORPUS, file)]);
    // DCMTK writes headers anew and may then say something else of the same instance: that is kept aside, with a warning.
    expect(output).toMatch(/Received Store Response \((Success|Warning: CoercionOfDataElements)\)/);
    expect(came).toHaveLength(1);
    const hashes = await fixture.db.withSystem((tx) =>
      tx.rows('SELECT file_sha256 FROM import_files WHERE sop_instance_uid = $1 ORDER BY id DESC LIMIT 1', [
        row.sop_instance_uid ?? '',
      ]),
    );
    expect(hashes.map(({ file_sha256 }) => file_sha256?.toString('hex'))).toEqual(came);
  });

  /** Everything that is there, moved to a destination; its last answer. */
  const moveAll = async (aeTitle: string, port: number): Promise<CommandSet | undefined> => {
    await fixture.addNode({ aeTitle, port });
    const studies = await fixture.db.withSystem((tx) => tx.rows('SELECT study_instance_uid AS uid FROM studies'));
    const peer = new RawPeer(fixture.port);
    await peer.associate(requestOf('SCANNER', [[STUDY_MOVE, EXPLICIT]]));
    const command = { CommandField: 0x21, MessageID: 1, CommandDataSetType: 1 };
    peer.command(1, { ...command, AffectedSOPClassUID: STUDY_MOVE, MoveDestination: aeTitle });
    const identifier = {
      '00080052': { vr: 'CS', Value: ['STUDY'] },
      '0020000D': { vr: 'UI', Value: studies.map(({ uid }) => uid) },
    };
    peer.dataset(1, writeBareDataset(identifier, { isExplicit: true }));
    return (await peer.answers(1)).at(-1)?.command;
  };
  const storedHashes = async (): Promise<Map<string, string>> => {
    const hashes = new Map<string, string>();
    for (const { sop_instance_uid: uid = '' } of FILES) {
      const object = await kept(uid);
      const { datasetOffset, transferSyntaxUid } = parsePart10(object, { inflateRaw });
      const dataset = object.subarray(datasetOffset);
      // What is deflated ends with a zero where it would have an odd length (PS3.5 A.5).
      const padding = Buffer.alloc(transferSyntaxUid === DEFLATED ? dataset.length % 2 : 0);
      hashes.set(uid, sha256(Buffer.concat([dataset, padding])));
    }
    return hashes;
  };

  test('what was stored is sent on by C-MOVE byte for byte, each in its transfer syntax', async () => {
    const peer = new Peer();
    const last = await moveAll('TAKES_ALL', await peer.listen());
    await peer.close();
    expect(last).toMatchObject({ Status: 0, NumberOfCompletedSuboperations: FILES.length });
    const came = peer.received.map(({ command, dataset }) => [command.AffectedSOPInstanceUID ?? '', sha256(dataset)] as const);
    expect(new Map(came)).toEqual(await storedHashes());
    const syntaxes = new Map(FILES.map((row) => [row.sop_instance_uid, row.transfer_syntax_uid]));
    expect(peer.received.map(({ transferSyntax }) => transferSyntax)).toEqual(
      peer.received.map(({ command }) => syntaxes.get(command.AffectedSOPInstanceUID)),
    );
  });

  test.skipIf(!hasDcmtk)('storescp takes each that it knows, byte for byte, and the others are told', async () => {
    const known = FILES.filter(isKnownToDcmtk);
    const all = (column: 'sop_class_uid' | 'transfer_syntax_uid'): string[] => [
      ...new Set(known.map((row) => row[column] ?? '')),
    ];
    const taking = takingOnly(fixture.files, all('sop_class_uid'), all('transfer_syntax_uid'));
    const destination = await storescp(fixture.files, taking);
    const last = await moveAll('STORESCP', destination.port);
    await stopDestinations();
    const stored = await storedHashes();
    expect(last).toMatchObject({ Status: 0xb000, NumberOfFailedSuboperations: FILES.length - known.length });
    // What storescp writes of a dataset of odd length is not what came: that is looked at in the test before.
    const even = known.filter(({ file }) => file !== OF_ODD_LENGTH).map((row) => stored.get(row.sop_instance_uid ?? ''));
    expect(destination.hashes()).toHaveLength(known.length);
    expect(destination.hashes()).toEqual(expect.arrayContaining(even));
  });
});
