import { FileText } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../i18n/index.ts';
import type { ForeignDocument } from '../model/foreign-documents.ts';
import { ContentList, type OpenReference } from '../parts/content-view.tsx';
import type { PlaceOf } from './key-frames.ts';
import { Section } from './section.tsx';
import type { FrameTarget } from './use-jump.ts';
import { usePlaceText } from './use-place-text.ts';

interface DocumentsSectionProps {
  /** Of the study that is read. */
  readonly documents: readonly ForeignDocument[];
  readonly placeOf: PlaceOf;
  readonly onJump: (target: FrameTarget) => void;
}

/** Structured reports that others have made of the study: each as the tree that it is, whatever its template. */
export function DocumentsSection({ documents, placeOf, onJump }: DocumentsSectionProps) {
  const t = useText('viewer');
  const reports = documents.filter(({ isSelection }) => !isSelection);
  if (reports.length === 0) return null;
  return (
    <Section title={t('panel.documents')} aside={<span className="text-(--ng-text-dim) text-xs">{reports.length}</span>}>
      <div className="flex flex-col" data-testid="foreign-documents">
        {reports.map((one) => (
          <Report key={one.document.url} {...{ placeOf, onJump }} report={one} />
        ))}
      </div>
    </Section>
  );
}

function Report({ report, placeOf, onJump }: Omit<DocumentsSectionProps, 'documents'> & { readonly report: ForeignDocument }) {
  const t = useText('viewer');
  const [isOpen, setIsOpen] = useState(false);
  const placeText = usePlaceText(placeOf);
  const { title, marks, tree, document, study } = report;
  const openReference: OpenReference = ({ sopInstanceUid, frames }) => {
    const place = document.evidence?.get(sopInstanceUid);
    if (place === undefined || place.studyInstanceUid !== study.studyInstanceUid) return undefined;
    const target = { seriesInstanceUid: place.seriesInstanceUid, sopInstanceUid, frame: frames[0] ?? 1 };
    return { place: placeText(target) || t('document.showImage'), run: () => onJump(target) };
  };
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="ng-viewer-target flex cursor-pointer items-center gap-2 rounded px-1 text-sm outline-none hover:bg-(--ng-surface-2) focus-visible:ring-2 focus-visible:ring-(--ng-accent)">
        <FileText size={14} aria-hidden className="shrink-0 text-(--ng-text-dim)" />
        <span className="min-w-0 grow break-words">{title}</span>
        {marks.length > 0 && (
          <span className="shrink-0 text-(--ng-info) text-xs">{t('panel.marks', { count: marks.length })}</span>
        )}
      </summary>
      {isOpen && (
        <div className="overflow-x-auto pb-2 text-sm">
          <ContentList nodes={tree.root.children} openReference={openReference} />
          {!tree.isWhole && <p className="mt-1 text-(--ng-amber) text-xs">{t('document.cut')}</p>}
        </div>
      )}
    </details>
  );
}
