import type { Series } from '@negatoscope/contract';
import { type Person, scopeOf, seesIdentity } from '../../../access/index.ts';
import { askStudies, findByUid, findSeriesOfAll, findStudies } from '../../../archive/records/studies.ts';
import { type StudyRow, seriesOf, studyOf } from '../../../archive/records/study-rows.ts';
import { type IndexListRequest, pageOf as listPageOf } from '../../../archive/search/index-list.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import { imagingStudyResource, UID_SYSTEM } from '../resources/imaging-study.ts';
import { DICOM_CODES } from '../resources/values.ts';
import { daysOf } from '../search/dates.ts';
import { isCode, isNamed, referencesOf, rowIdsOf, tokensOf } from '../search/values.ts';
import { belongingOf, seesConsultations, studiesOrdered } from './belonging.ts';
import { type Ask, type FhirReaders, type Item, type Kind, NOTHING, type Page, pageOfAll } from './kind.ts';

const refuse = (path: string, message: string): Failure => new Failure('VALIDATION_FAILED', { errors: [{ path, message }] });

/** The one value of what may be named once, for once. */
function oneOf(name: string, values: readonly string[] | null): string | undefined {
  if (values !== null && values.length > 1) throw refuse(name, 'One at a time.');
  return values?.[0];
}

const within = (ids: string[] | null, more: readonly string[]): string[] =>
  ids === null ? [...new Set(more)] : ids.filter((id) => more.includes(id));

/** Studies that are named: by their ids, by UID, by the consultation that they are attached to, or by what was ordered; null where none is. */
async function namedIds(readers: FhirReaders, { actor, query }: Ask): Promise<string[] | null> {
  const { db, consultations } = readers;
  let ids = rowIdsOf(query);
  const encounters = referencesOf(query, 'Encounter', 'encounter');
  const orders = referencesOf(query, 'ServiceRequest', 'basedon');
  if ((encounters !== null || orders !== null) && !seesConsultations(actor)) return [];
  if (encounters !== null) {
    const attached = await consultations.attached(actor, { consultationIds: encounters });
    ids = within(
      ids,
      attached.map(({ studyId }) => studyId),
    );
  }
  if (orders !== null) ids = within(ids, await studiesOrdered(readers, actor, orders));
  for (const tokens of tokensOf(query, 'identifier')) {
    const uids = tokens.filter(({ system }) => system === undefined || system === UID_SYSTEM || system === '');
    const scope = scopeOf(actor);
    const found = await db.reading(scope, async (tx) => {
      const rows: StudyRow[] = [];
      for (const code of new Set(uids.map(({ code }) => code))) rows.push(...(await byIdentifier(tx, actor, code)));
      return rows;
    });
    ids = within(
      ids,
      found.map(({ id }) => id),
    );
  }
  return ids;
}

const byIdentifier = (tx: ReadTx, actor: Person, code: string): Promise<StudyRow[]> =>
  findByUid(tx, scopeOf(actor), code.replace(/^urn:oid:/, ''), null);

async function itemsOf(readers: FhirReaders, { actor, writing }: Ask, rows: readonly StudyRow[]): Promise<Item[]> {
  const scope = scopeOf(actor);
  const identity = seesIdentity(actor);
  const ids = rows.map(({ id }) => id);
  const series = await readers.db.reading(scope, (tx) => findSeriesOfAll(tx, scope, ids));
  const belongs = await belongingOf(readers, actor, ids);
  return rows.map((row) => {
    const own: Series[] = series.filter(({ study_id }) => study_id === row.id).map((one) => seriesOf(one, identity));
    return {
      resource: imagingStudyResource(studyOf(row, actor), own, belongs(row.id), writing),
      patientId: row.patient_id,
      groupId: row.group_id,
    };
  });
}

/** Few studies, by their ids. */
async function byIds(readers: FhirReaders, ask: Ask, ids: readonly string[]): Promise<Page> {
  const { actor, query } = ask;
  const scope = scopeOf(actor);
  const patients = referencesOf(query, 'Patient', 'patient', 'subject');
  const { from, to } = daysOf(query, 'started');
  const rows = (await readers.db.reading(scope, (tx) => findStudies(tx, scope, ids)))
    .filter(({ patient_id: patientId }) => patients === null || patients.includes(patientId))
    .filter(({ study_date: day }) => (from === null || (day ?? '') >= from) && (to === null || (day !== null && day <= to)))
    .filter(({ modalities }) =>
      isNamed(query, 'modality', [{ coding: modalities.map((code) => ({ system: DICOM_CODES, code })) }]),
    );
  return pageOfAll(
    query,
    rows,
    ({ id }) => id,
    (some) => itemsOf(readers, ask, some),
  );
}

function listRequest({ actor, query }: Ask): IndexListRequest {
  const { from, to } = daysOf(query, 'started');
  const modalities = tokensOf(query, 'modality').flat();
  return {
    ...{ kind: 'studies', sort: '-receivedAt', limit: Math.max(1, query.count), cursor: query.cursor },
    filters: {
      patientId: oneOf('patient', referencesOf(query, 'Patient', 'patient', 'subject')),
      modality: oneOf('modality', modalities.length === 0 ? null : modalities.map(({ code }) => code)),
      from: from ?? undefined,
      to: to ?? undefined,
    },
    pseudonyms: !seesIdentity(actor),
  };
}

async function find(readers: FhirReaders, ask: Ask): Promise<Page> {
  const { actor, query } = ask;
  if (!isCode(query, 'status', 'available')) return NOTHING;
  const patients = referencesOf(query, 'Patient', 'patient', 'subject');
  const isOfDicom = tokensOf(query, 'modality')
    .flat()
    .every(({ system }) => system === undefined || system === DICOM_CODES);
  if (patients?.length === 0 || !isOfDicom) return NOTHING;
  const ids = await namedIds(readers, ask);
  if (ids !== null) return byIds(readers, ask, ids);
  const scope = scopeOf(actor);
  const request = listRequest(ask);
  const rows = await askStudies(readers.db, request, scope);
  const page = listPageOf(request, rows, (row: StudyRow) => row);
  return {
    items: await itemsOf(readers, ask, page.items.slice(0, query.count)),
    next: query.count === 0 ? null : page.nextCursor,
    total: page.totalIsExact ? page.total : null,
  };
}

export const IMAGING_STUDIES: Kind = {
  type: 'ImagingStudy',
  parameters: {
    _id: { kind: 'token', means: 'The id of the study.' },
    patient: { kind: 'reference', means: 'The patient; one at a time.' },
    subject: { kind: 'reference', means: 'The patient; one at a time.' },
    encounter: { kind: 'reference', means: 'The consultation that it is attached to.' },
    basedon: { kind: 'reference', means: 'What was ordered and done by it.' },
    identifier: { kind: 'token', means: 'The Study Instance UID, with or without urn:dicom:uid and urn:oid:.' },
    started: { kind: 'date', means: 'The day of the study; a time of day is read as its day.' },
    modality: { kind: 'token', means: 'A modality among its series, as DICOM codes it; one at a time.' },
    status: { kind: 'token', means: 'available: all are.' },
  },
  find,
};
