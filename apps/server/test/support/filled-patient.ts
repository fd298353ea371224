import { createHash } from 'node:crypto';
import { newId } from '../../src/kernel/ids.ts';

export interface Filled {
  readonly patient: string;
  readonly study: string;
  readonly studyUid: string;
}

type Columns = Readonly<Record<string, unknown>>;

/** Rows of each kind that hang on a stored study, with `word` wherever a text may stand, and `object` as that of a heat map. */
export const hangingRows = (
  { patient, study, studyUid }: Filled,
  { word, user, object }: { readonly word: string; readonly user: string; readonly object: string },
): readonly (readonly [table: string, columns: Columns])[] => {
  const now = new Date();
  const [drawn, prediction, validation, consultation, order, imported, version, label, share] = Array.from({ length: 9 }, newId);
  const uids = { series_instance_uid: '2.25.771', sop_instance_uid: '2.25.7711' };
  const said = { prediction_id: prediction, study_id: study, number: 1, comment: word, created_at: now };
  const text = {
    study_id: study,
    written_for: patient,
    amends: 0,
    language: 'fr',
    sections: JSON.stringify({ impression: word }),
  };
  const content = Buffer.from(JSON.stringify({ patient: word }));
  const line = { geometry: '{"space":"PIXEL","points":[0,0,1,1]}', study_id: study, label: word };
  return [
    ['annotations', { id: drawn, ...line, ...uids, frame: 1, kind: 'LENGTH', created_at: now, changed_at: now }],
    [
      'annotation_edits',
      { id: newId(), annotation_id: drawn, ...line, base_version: 0, version: 1, is_deleted: false, made_at: now },
    ],
    ['kept_documents', { study_id: study, kind: 'KEY_IMAGES', seq: 1, made_at: now, content_sha256: Buffer.alloc(32), ...uids }],
    ['labels', { id: label, name: `Suivi ${label}`, color: 'RED', changed_at: now }],
    ['study_labels', { study_id: study, label_id: label }],
    ['notices', { id: newId(), user_id: user, kind: 'STUDY_ASSIGNED', study_id: study, at: now }],
    [
      'shares',
      {
        ...{ id: share, user_id: user, secret_hash: createHash('sha256').update(newId()).digest(), profile: 'IDENTIFIED' },
        ...{ recipient: word, may_download: false, study_count: 1, created_at: new Date(0), expires_at: now },
      },
    ],
    ['share_studies', { share_id: share, study_id: study }],
    [
      'emergency_accesses',
      { id: newId(), user_id: user, patient_id: patient, reason: word, opened_at: new Date(0), expires_at: now },
    ],
    ['readings', { id: newId(), study_id: study, user_id: user, since: now, seen_at: now, has_marked: true }],
    ['report_drafts', { ...text, version: 1, changed_at: now }],
    ['report_edits', { ...text, id: newId(), base_version: 0, made_at: now }],
    [
      'report_versions',
      {
        ...{ id: version, study_id: study, number: 1, written_for: patient, signed_at: now, content },
        sha256: createHash('sha256').update(content).digest(),
      },
    ],
    [
      'report_documents',
      { study_id: study, number: 1, kind: 'PDF', series_instance_uid: '2.25.771', sop_instance_uid: '2.25.7712' },
    ],
    [
      'predictions',
      {
        ...{ id: prediction, study_id: study, question: 'TUBERCULOSIS', status: 'QUEUED', created_at: now },
        ...{ heat_object: object, heat_size: word.length, heat_sha256: createHash('sha256').update(word).digest() },
      },
    ],
    ['prediction_opinions', { id: newId(), ...said, opinion: 'SUSPECTED', is_blind: true }],
    ['prediction_validations', { id: validation, ...said, status: 'VALIDATED' }],
    [
      'prediction_results',
      {
        ...{ id: newId(), prediction_id: prediction, study_id: study, validation_id: validation, seq: 1, made_at: now },
        ...{ ...uids, heat_series_instance_uid: '2.25.3', heat_sop_instance_uid: '2.25.4' },
      },
    ],
    [
      'consultations',
      {
        ...{ id: consultation, patient_id: patient, day: '2026-03-02', status: 'WAITING', reason: word, notes: word },
        ...{ symptoms: '{}', vital_signs: '{}', arrived_at: now },
      },
    ],
    ['consultation_studies', { consultation_id: consultation, study_id: study, attached_at: now }],
    [
      'film_orders',
      {
        ...{ id: order, consultation_id: consultation, patient_id: patient, study_id: study, modality: 'DX', body_part: 'CHEST' },
        ...{ reason: word, status: 'REQUESTED', ordered_at: now, study_instance_uid: '2.25.772' },
      },
    ],
    [
      'performed_steps',
      {
        ...{ id: newId(), node_id: newId(), sop_instance_uid: '2.25.773', patient_id: patient, order_ids: [order] },
        ...{ status: 'IN_PROGRESS', attributes: JSON.stringify({ comment: word }), begun_at: now, told_at: now },
      },
    ],
    ['study_moves', { id: newId(), study_id: study, instances_md5: '', moved_at: now }],
    [
      'conflicts',
      {
        ...{ id: newId(), kind: 'STUDY_PATIENT_MISMATCH', study_id: study, study_instance_uid: studyUid, ...uids },
        ...{ size_bytes: 1, file_sha256: Buffer.alloc(32), json: Buffer.from(word) },
      },
    ],
    ['imports', { id: imported, patient_id: patient, entrance: 'UPLOAD', mismatch_reason: word }],
    [
      'import_files',
      { import_id: imported, patient_id: patient, name: `${word}/a.dcm`, outcome: 'stored', study_instance_uid: studyUid },
    ],
    ['import_files', { import_id: imported, name: `${word}/b.dcm`, outcome: 'rejected', study_instance_uid: studyUid }],
    ['legal_holds', { id: newId(), patient_id: patient, reason: word, placed_at: now, lifted_at: now, lift_reason: word }],
    ['legal_holds', { id: newId(), study_id: study, reason: word, placed_at: now, lifted_at: now }],
    ['withdrawn_instances', { sop_instance_uid: '2.25.7713', study_id: study, withdrawn_at: now }],
  ];
};

type Run = (text: string, values: readonly unknown[]) => Promise<unknown>;

export async function putRows(run: Run, rows: readonly (readonly [table: string, columns: Columns])[]): Promise<void> {
  for (const [table, columns] of rows) {
    const names = Object.keys(columns);
    await run(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
      Object.values(columns),
    );
  }
}
