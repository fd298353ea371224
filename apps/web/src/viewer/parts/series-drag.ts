import type { Hung } from '../model/desk.ts';

/** Type of what is dragged from the strip, to a pane of this window or of another one. */
const TYPE = 'application/x-negatoscope-series';

export const isSeriesDrag = ({ types }: Pick<DataTransfer, 'types'>): boolean => types.includes(TYPE);

export function dragSeries(transfer: DataTransfer, { study, seriesInstanceUid }: Hung): void {
  const { studyInstanceUid, groupId } = study;
  transfer.setData(TYPE, JSON.stringify({ studyInstanceUid, groupId, seriesInstanceUid }));
  transfer.effectAllowed = 'copy';
}

/** The series that was dropped; undefined for anything else. What may be seen of it the server says. */
export function hungFrom(transfer: Pick<DataTransfer, 'getData'>): Hung | undefined {
  const text = transfer.getData(TYPE);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('studyInstanceUid' in value) || !('seriesInstanceUid' in value))
      return undefined;
    const { studyInstanceUid, seriesInstanceUid } = value;
    const groupId = 'groupId' in value && typeof value.groupId === 'string' ? value.groupId : undefined;
    if (typeof studyInstanceUid !== 'string' || typeof seriesInstanceUid !== 'string') return undefined;
    return { study: { studyInstanceUid, groupId }, seriesInstanceUid };
  } catch {
    return undefined;
  }
}
