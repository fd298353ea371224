import { MADE_SERIES, type SignedContent } from '@negatoscope/contract';
import {
  basicTextReport,
  contentMoment,
  type DicomJsonObject,
  encapsulatedPdf,
  type MadeInstance,
  uidOfUuid,
} from '@negatoscope/dicom';
import { type Person, type Service, scopeOf, service } from '../../access/index.ts';
import { namedByIndex, readIndexValues } from '../../archive/coercion/index.ts';
import { imagesOf } from '../../archive/records/images.ts';
import { requireStudy } from '../../archive/records/studies.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import { IMPLEMENTATION } from '../../kernel/implementation.ts';
import type { Tx } from '../../platform/db/database.ts';
import { type Letterhead, letterheadOf } from './letterhead/letterhead.ts';
import { printed } from './pdf.ts';
import * as repository from './repository.ts';
import type { ReportDeps, StudyRef } from './service.ts';
import { signedOf } from './shown.ts';
import { wordsOf } from './words.ts';

/** What makes instances of reports: whose work they are is said beside. */
const MAKER = service('report-documents', ['imports.create']);
const SERIES = { PDF: 9911, SR: 9912 } as const;
type Kind = keyof typeof SERIES;
const KINDS: readonly Kind[] = ['PDF', 'SR'];

/** The way of the server's own instances into the archive: see `storeMade` of ingest. */
export type StoreMade = (made: {
  readonly by: Service;
  readonly onBehalfOf: Person;
  readonly studyId: string;
  readonly instances: readonly Uint8Array[];
}) => Promise<readonly { readonly outcome: string; readonly reason?: string | null | undefined }[]>;

export type DocumentDeps = ReportDeps & { readonly installation: string; readonly storeMade: StoreMade };

/** Notes, as a version is signed, which instances it will be. */
export async function planDocuments(tx: Tx, place: repository.Place, number: number): Promise<void> {
  const before = await repository.findDocuments(tx, place.studyId);
  for (const kind of KINDS) {
    const seriesInstanceUid = before.find((one) => one.kind === kind)?.series_instance_uid ?? uidOfUuid(newId());
    await repository.insertDocument(tx, place, { number, kind, seriesInstanceUid, sopInstanceUid: uidOfUuid(newId()) });
  }
}

/** Of the document, and of its texts (PS3.16 CID 7002). */
const TITLE = { value: '18748-4', scheme: 'LN', meaning: 'Diagnostic imaging study' };
const TEXTS = {
  history: { value: '11329-0', scheme: 'LN', meaning: 'History' },
  technique: { value: '121065', scheme: 'DCM', meaning: 'Procedure Description' },
  comparison: { value: '121069', scheme: 'DCM', meaning: 'Previous Finding' },
  findings: { value: '121071', scheme: 'DCM', meaning: 'Finding' },
  impression: { value: '121073', scheme: 'DCM', meaning: 'Impression' },
} as const;

const COMMENT = { value: '121106', scheme: 'DCM', meaning: 'Comment' };

function structured(made: MadeInstance, content: SignedContent): Uint8Array {
  const names = Object.keys(TEXTS) as (keyof typeof TEXTS)[]; // Its own keys.
  const parts = names
    .filter((name) => content.sections[name].trim() !== '')
    .map((name) => ({ name: TEXTS[name], text: content.sections[name].trim() }));
  const { signed, version } = wordsOf(content.language);
  const by = `${signed(content.signedBy.name, content.signedAt)}\n${version(content.number, content.amends?.number)}`;
  return basicTextReport({ ...made, title: TITLE, parts: [...parts, { name: COMMENT, text: by }] });
}

/**
 * Makes instances of the study of every signed version that has none yet: an Encapsulated PDF and a Basic Text SR; how many were stored. Made of the version alone, so that whoever makes it makes the same bytes.
 * Fails with NOT_FOUND, CONFLICT for a study that goes elsewhere meanwhile.
 */
export async function keepDocuments(deps: DocumentDeps, actor: Person, ref: StudyRef): Promise<{ stored: number }> {
  const scope = scopeOf(actor);
  const { study, versions, waiting, values, there } = await deps.db.reading(scope, async (tx) => {
    const study = await requireStudy(tx, actor, ref.uid, ref.groupId);
    const documents = await repository.findDocuments(tx, study.id);
    const uids = documents.map((document) => document.sop_instance_uid);
    return {
      study,
      there: new Set((await imagesOf(tx, scope, study.id, uids)).map((image) => image.sop_instance_uid)),
      versions: await repository.findVersions(tx, scope, study.id),
      waiting: documents.filter(({ is_stored }) => !is_stored),
      values: await readIndexValues(tx, study.id),
    };
  });
  if (values === undefined) throw notFound();
  const header = namedByIndex({ '0020000D': { vr: 'UI', Value: [study.study_instance_uid] } }, values);
  let stored = 0;
  for (const row of waiting) {
    const version = versions.find(({ number }) => number === row.number);
    // One that was signed for another record is amended for the one that it is in, which is then kept.
    if (version === undefined || version.written_for !== study.patient_id) continue;
    // Stored, and not noted: of a patient who is called otherwise since, what is made again would be another file of its UID.
    if (!there.has(row.sop_instance_uid)) {
      const { content, sha256 } = signedOf(version, study.patient_id);
      const letterhead = await deps.db.reading(scope, (tx) => letterheadOf(tx, version.letterhead, deps.installation));
      await store(deps, actor, study.id, await bytesOf(row, { header, content, sha256, letterhead }));
    }
    await deps.db.withScope(scope, (tx) => repository.markStored(tx, study.id, row.number, row.kind));
    stored += 1;
  }
  return { stored };
}

async function store({ storeMade }: DocumentDeps, actor: Person, studyId: string, bytes: Uint8Array): Promise<void> {
  const [result] = await storeMade({ by: MAKER, onBehalfOf: actor, studyId, instances: [bytes] });
  if (result?.outcome !== 'stored' && result?.outcome !== 'duplicate')
    throw new Failure('CONFLICT', { detail: 'The study has changed meanwhile.' });
}

interface Source {
  readonly header: DicomJsonObject;
  readonly content: SignedContent;
  readonly sha256: string;
  readonly letterhead: Letterhead;
}

async function bytesOf(row: repository.DocumentRow, { header, content, sha256, letterhead }: Source): Promise<Uint8Array> {
  const made: MadeInstance = {
    ...{ study: header, seriesInstanceUid: row.series_instance_uid, sopInstanceUid: row.sop_instance_uid },
    ...{ seriesNumber: SERIES[row.kind], instanceNumber: row.number, seriesDescription: MADE_SERIES.REPORT[content.language] },
    ...contentMoment(new Date(content.signedAt)),
    ...{ manufacturer: 'Negatoscope', implementation: IMPLEMENTATION },
  };
  if (row.kind === 'SR') return structured(made, content);
  const pdf = await printed({ content, sha256, letterhead, latest: row.number });
  return encapsulatedPdf({ ...made, documentTitle: wordsOf(content.language).title, pdf });
}
