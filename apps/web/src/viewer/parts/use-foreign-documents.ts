import { useEffect, useMemo, useState } from 'react';
import { call } from '../../api/client.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { type ForeignDocument, type ForeignDocuments, isModelResult, type OwnedMark } from '../model/foreign-documents.ts';
import { indexOfMarks, marksOf } from '../model/foreign-marks.ts';
import { loadDocuments } from '../model/study-source.ts';
import { listedOf, type Room } from './use-room.ts';

/** Series of reports of one study that are read unasked. */
const MOST_SERIES = 20;
const MODALITIES = new Set(['SR', 'KO']);
const NOTHING: readonly ForeignDocument[] = [];

/** What was made here of what is drawn here stands on the images already. */
async function ownSeries({ studyInstanceUid, groupId }: StudyRef): Promise<ReadonlySet<string>> {
  const { items } = await call('listKeptDocuments', { params: { studyInstanceUid }, query: { groupId } });
  return new Set(items.map(({ seriesInstanceUid }) => seriesInstanceUid));
}

interface Wanted {
  readonly study: StudyRef;
  readonly series: readonly {
    readonly seriesInstanceUid: string;
    readonly modality: string | undefined;
    readonly description?: string | undefined;
  }[];
}

/** A series that can't be read costs only itself. */
async function read({ study, series }: Wanted): Promise<ForeignDocument[]> {
  const documents = series.filter(({ modality }) => MODALITIES.has(modality ?? '')).slice(0, MOST_SERIES);
  if (documents.length === 0) return [];
  const own = await ownSeries(study).catch(() => new Set<string>());
  const found: ForeignDocument[] = [];
  for (const { seriesInstanceUid, modality, description } of documents) {
    if (own.has(seriesInstanceUid)) continue;
    for (const document of await loadDocuments(study, seriesInstanceUid).catch(() => [])) {
      const { tree } = document;
      if (tree === undefined) continue;
      const isSelection = modality === 'KO';
      const isBare = isSelection || isModelResult(description);
      const title = tree.root.name ?? document.title ?? modality ?? '';
      found.push({ study, seriesInstanceUid, isSelection, title, document, tree, marks: isBare ? [] : marksOf(tree) });
    }
  }
  return found;
}

/** Reports and selections of others on the studies of the desk, once the first image is here. */
export function useForeignDocuments(room: Room): ForeignDocuments {
  const { isSettled } = room;
  const listed = listedOf(room);
  // Names what is wanted: lists are made anew on every pass.
  const key = listed
    .flatMap(({ study, series = [] }) => series.map((one) => `${study.studyInstanceUid} ${one.seriesInstanceUid}`))
    .join();
  const [items, setItems] = useState(NOTHING);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for what is listed.
  useEffect(() => {
    setItems(NOTHING);
    if (!isSettled) return;
    let isCurrent = true;
    const wanted = listed.map(({ study, series = [] }): Wanted => ({ study, series }));
    void Promise.all(wanted.map((one) => read(one).catch(() => []))).then((found) => {
      if (isCurrent) setItems(found.flat());
    });
    return () => {
      isCurrent = false;
    };
  }, [key, isSettled]);
  const marks = useMemo(
    () => indexOfMarks(items.flatMap(({ marks: own, title }) => own.map((mark): OwnedMark => ({ mark, title })))),
    [items],
  );
  return { items, marks };
}
