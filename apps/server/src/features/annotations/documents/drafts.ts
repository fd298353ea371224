import type { KeptDocumentKind } from '@negatoscope/contract';
import { keyObjectSelection, type MadeInstance, measurementReport } from '@negatoscope/dicom';
import { type ContentSource, keyImagesOf, measurementsOf } from './content.ts';
import type * as repository from './repository.ts';

const ENGLISH = { value: 'en', scheme: 'RFC5646', meaning: 'English' };
const SOP_CLASS = { MEASUREMENTS: '1.2.840.10008.5.1.4.1.1.88.33', KEY_IMAGES: '1.2.840.10008.5.1.4.1.1.88.59' } as const;

/** A document's content, and how it is made of it. */
export interface Draft {
  readonly kind: KeptDocumentKind;
  readonly count: number;
  readonly leftOut: number;
  /** What tells one content from another, whoever makes a document of it. */
  readonly key: unknown;
  readonly make: (made: MadeInstance, author: Author, predecessor: repository.PredecessorRow | undefined) => Uint8Array;
}

/** Whom a document is by. */
export interface Author {
  readonly id: string | null;
  /** A PN value. */
  readonly name: string;
}

export function draftsOf(source: ContentSource): Draft[] {
  const measured = measurementsOf(source, null);
  const marked = keyImagesOf(source);
  const before = (kind: KeptDocumentKind, row: repository.PredecessorRow | undefined) =>
    row === undefined
      ? {}
      : {
          predecessor: {
            seriesInstanceUid: row.series_instance_uid,
            sopInstanceUid: row.sop_instance_uid,
            sopClassUid: SOP_CLASS[kind],
          },
        };
  return [
    {
      ...{ kind: 'MEASUREMENTS', count: measured.items.length, leftOut: measured.leftOut },
      key: measured.items.map(({ observer: _observer, ...item }) => item),
      make: (made, author, row) =>
        measurementReport({
          ...{ ...made, ...before('MEASUREMENTS', row), author: author.name, language: ENGLISH },
          measurements: measurementsOf(source, author.id).items,
        }),
    },
    {
      ...{ kind: 'KEY_IMAGES', count: marked.count, leftOut: marked.leftOut },
      key: marked.items,
      make: (made, author, row) =>
        keyObjectSelection({ ...made, ...before('KEY_IMAGES', row), author: author.name, objects: marked.items }),
    },
  ];
}
