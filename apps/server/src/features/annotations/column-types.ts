import type { AnnotationGeometry, AnnotationKind } from '@negatoscope/contract';

declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'annotations.kind': AnnotationKind;
    'annotations.geometry': AnnotationGeometry;
    'annotation_edits.geometry': AnnotationGeometry;
  }
}
