import { randomUUID } from 'node:crypto';
import { personOnPage } from '@negatoscope/contract';
import { FileSetDirectory, uidOfUuid } from '@negatoscope/dicom';
import { type Actor, scopeOf } from '../../../access/index.ts';
import { readIndexValues } from '../../../archive/coercion/index.ts';
import { stayingInstances } from '../../../archive/kind-exports.ts';
import { openSeries } from '../../../archive/pixels/index.ts';
import * as repository from '../../../archive/records/exported.ts';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';
import { type MediumFile, whole } from '../../../platform/iso/index.ts';
import type { Selection } from '../archive.ts';
import type { MediumContents, ShownSeries, ShownStudy } from './contents.ts';
import type { MediumDeps } from './deps.ts';
import { fileId } from './file-id.ts';
import { mediumPage } from './page.ts';
import { mediumReadme } from './readme.ts';
import { type Disc, seriesFiles } from './series-files.ts';

type Patient = Selection['patients'][number]['json'];

function emptyContents({ site, clock }: MediumDeps, patient: Patient): MediumContents {
  const { lastName, firstName, recordNumber: number, birthDate } = patient;
  const name = personOnPage({ lastName, firstName }) || number;
  const madeOn = clock.now().toISOString().slice(0, 10);
  return { patient: { name, number, birthDate }, site, madeOn, studies: [], missing: 0, unlisted: 0 };
}

/**
 * The files of a medium that one patient's images are handed over on (PS3.10, PS3.12): each instance with the values of the index under a File ID, pictures and
 * documents for the page, the page, and DICOMDIR last, since it names what is there.
 */
export async function* mediumFiles(deps: MediumDeps, actor: Actor, { patients, studies }: Selection): AsyncGenerator<MediumFile> {
  const patient = patients[0]?.json;
  if (patient === undefined) return;
  const contents = emptyContents(deps, patient);
  const directory = new FileSetDirectory({
    id: 'NEGATOSCOPE',
    sopInstanceUid: uidOfUuid(randomUUID()),
    implementation: IMPLEMENTATION,
  });
  const disc: Disc = { deps, actor, contents, directory };
  for (const [index, { json: study }] of studies.entries()) {
    const { id, groupId, studyDate: date, description } = study;
    await deps.audit.use(actor, { studyId: id, patientId: patient.id, groupId, kind: 'export' });
    const shown: ShownStudy = { date, title: description ?? '', series: [] };
    contents.studies.push(shown);
    yield* studyFiles(disc, study, { folder: fileId('ST', index + 1), shown });
  }
  yield { name: 'INDEX.HTM', ...whole(Buffer.from(mediumPage(contents))) };
  yield { name: 'README.TXT', ...whole(Buffer.from(`\ufeff${mediumReadme(contents)}`)) };
  yield { name: 'DICOMDIR', ...whole(directory.bytes()) };
}

async function* studyFiles(
  disc: Disc,
  study: Selection['studies'][number]['json'],
  { folder, shown }: { readonly folder: string; readonly shown: ShownStudy },
): AsyncGenerator<MediumFile> {
  const { deps, actor } = disc;
  const scope = scopeOf(actor);
  const [series, values, stays] = await deps.db.reading(scope, async (tx) => [
    await repository.findSeries(tx, scope, study.id),
    await readIndexValues(tx, study.id),
    await stayingInstances(tx, deps.kinds, study.id),
  ]);
  for (const [index, { seriesInstanceUid, modality, description }] of series.entries()) {
    const { studyInstanceUid, groupId } = study;
    const handle = await openSeries(deps.pixels, actor, { studyInstanceUid, seriesInstanceUid, groupId: groupId ?? 'none' });
    const one: ShownSeries = { title: description ?? '', modality: modality ?? '', pictures: [], documents: [], files: 0 };
    shown.series.push(one);
    yield* seriesFiles(disc, handle, { folder: [folder, fileId('SE', index + 1)], shown: one, values, stays });
  }
}
