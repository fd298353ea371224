import type { AnnotationGeometry, AnnotationKind, KeptDocumentKind } from '@negatoscope/contract';

declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'kept_documents.kind': KeptDocumentKind;
    'annotations.kind': AnnotationKind;
    'annotations.geometry': AnnotationGeometry;
    'annotation_edits.geometry': AnnotationGeometry;
  }
}
