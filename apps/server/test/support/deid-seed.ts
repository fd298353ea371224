import { createHash } from 'node:crypto';
import { type Dataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { type IndexApp, seedPatient, seedStudy, type Who } from './index-app.ts';

/** What of the seeded patients must be in no byte of what leaves. */
export const SECRETS = ['CACHEE', 'CACHE-1', '1.2.826.45', '1.2.826.46', '19700102', 'Hopital'];

/** A small CT image full of identity. `uid` is of the form `<study>.1.<number>`, the study's of ten letters. */
export function namedImage(uid: string, extra: Dataset = {}): Buffer {
  const dataset: Dataset = {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: uid,
    StudyInstanceUID: uid.slice(0, 10),
    SeriesInstanceUID: `${uid.slice(0, 10)}.1`,
    StudyDate: '20260110',
    Modality: 'CT',
    BodyPartExamined: 'CHEST',
    StudyDescription: 'CACHEE, Thorax',
    InstitutionName: 'Hopital',
    PatientName: 'CACHEE^Jeanne',
    PatientID: 'CACHE-1',
    PatientBirthDate: '19700102',
    Rows: 4,
    Columns: 4,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
    '00110010': { vr: 'LO', value: 'CACHEE' },
    PixelData: { vr: 'OW', value: Buffer.alloc(32, 7) },
    ...extra,
  };
  const file = Buffer.from(writePart10(dataset, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian }));
  file.write('CACHEE', 0, 'latin1');
  return file;
}

/** The account of one of the actors of the index' tests, who otherwise are nobody's. */
export async function seedPerson(index: IndexApp, who: Who): Promise<void> {
  const id = `019a0000-0000-7000-b000-${createHash('sha256').update(who).digest('hex').slice(0, 12)}`;
  await index.owner.query(
    `INSERT INTO users (id, email, password_hash, first_name, last_name, role, level, status)
     VALUES ($1, $3, '', 'Some', 'Body', $2, 'WRITE', 'ACTIVE')`,
    [id, who.split('@')[0], `${id}@example.org`],
  );
}

/** A patient with a study of one image that may leave and one with burned-in text. */
export async function seedNamed(index: IndexApp, groupId: string | null, uid: string, images = 1): Promise<string> {
  const id = await seedPatient(index.owner, { groupId, familyName: 'CACHEE', externalId: 'CACHE-1' });
  const { instanceIds } = await seedStudy(index.owner, { patientId: id, groupId, uid, instances: images + 1 });
  for (const [number, instance] of instanceIds.entries()) {
    const file = namedImage(`${uid}.1.${number + 1}`, number === images ? { BurnedInAnnotation: 'YES' } : {});
    index.objects.set(instance, file);
    await index.owner.query('UPDATE instances SET size_bytes = $2, file_sha256 = $3 WHERE id = $1', [
      instance,
      file.length,
      createHash('sha256').update(file).digest(),
    ]);
  }
  return id;
}
