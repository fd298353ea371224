import { isHeldBack, withoutPixels } from '../../../archive/pixels/held-back.ts';
import { pseudonymise } from '../../../archive/pseudonym/pseudonym.ts';
import type { DicomJson, DicomJsonElement, QidoRow } from '../../../archive/search/qido-repository.ts';
import { IDENTIFYING, levelElements, levelText, patientElements, valueText } from './elements.ts';
import type { QidoQuery } from './query.ts';

/** The part of a dataset that a path of tags names: the attribute, or within a sequence's items the attributes below. */
function picked(json: DicomJson, [tag = '', ...rest]: readonly string[]): DicomJson {
  const found = json[tag];
  if (found === undefined) return {};
  if (rest.length === 0 || found.vr !== 'SQ') return { [tag]: found };
  return { [tag]: { vr: 'SQ', Value: (found.Value ?? []).map((item) => picked(item as DicomJson, rest)) } }; // Items are datasets.
}

/** Kept attributes of the level and those above that the search asked for; without identity only what a pseudonymised answer may show. */
function included(row: QidoRow, query: QidoQuery, identity: boolean): DicomJson {
  const kept = { ...row.instance_attributes, ...row.study_attributes, ...row.series_attributes };
  const stored = identity ? kept : pseudonymise(kept, patientElements(row));
  return query.includeAll ? stored : Object.assign({}, ...query.include.map((path) => picked(stored, path)));
}

function elementText(element: DicomJsonElement): string {
  const { vr, Value, BulkDataURI, InlineBinary } = element;
  if (BulkDataURI !== undefined || InlineBinary !== undefined) return JSON.stringify(element);
  if (Value === undefined) return `{"vr":"${vr}"}`;
  const text = vr === 'SQ' ? (item: unknown) => dicomJsonText(item as DicomJson) : valueText; // Items are datasets.
  return `{"vr":"${vr}","Value":[${Value.map(text).join(',')}]}`;
}

/** A dataset as text in ascending order of tags: objects would put `52009229` before `00080005`, because it looks like an index. */
export function dicomJsonText(json: DicomJson): string {
  const tags = Object.keys(json);
  if (tags.some((tag, index) => index > 0 && tag < (tags[index - 1] ?? ''))) tags.sort();
  return `{${tags.map((tag) => `"${tag}":${elementText(json[tag] ?? { vr: 'UN' })}`).join(',')}}`;
}

const isRowHeldBack = ({ instance_attributes, sop_class_uid = '', transfer_syntax_uid = '' }: QidoRow): boolean =>
  instance_attributes !== undefined &&
  isHeldBack(instance_attributes, { sopClassUid: sop_class_uid, transferSyntaxUid: transfer_syntax_uid });

/** One result with the required and customary attributes of its level, and the kept ones that were asked for. */
export function qidoResult(row: QidoRow, query: QidoQuery, base: string, identity: boolean): DicomJson {
  const shown = levelElements(row, query.level, base, identity);
  const result: DicomJson = { ...included(row, query, identity), ...shown };
  if (identity) return result;
  for (const tag of IDENTIFYING) if (shown[tag] === undefined) delete result[tag];
  return isRowHeldBack(row) ? withoutPixels(result) : result;
}

/** `qidoResult` as text. A row without kept attributes has nothing to include. */
export function qidoResultText(row: QidoRow, query: QidoQuery, base: string, identity: boolean): string {
  const isUsual = row.instance_attributes === undefined && row.study_attributes === undefined;
  return isUsual ? levelText(row, query.level, base, identity) : dicomJsonText(qidoResult(row, query, base, identity));
}
