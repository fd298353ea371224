import type { ContentNode, ContentReference, ContentTree } from '@negatoscope/dicom';
import { Button } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';

/** The content of a structured document, item by item as it was written. Texts of others are shown as texts, whatever is in them. */
export function ContentView({
  tree,
  openReference,
}: {
  readonly tree: ContentTree;
  readonly openReference?: OpenReference | undefined;
}) {
  const t = useText('viewer');
  return (
    <div className="absolute inset-0 overflow-auto p-4">
      <article className="mx-auto max-w-3xl text-(--ng-text) text-sm" data-testid="content-tree">
        <h2 className="mb-2 font-semibold text-base">{tree.root.name ?? t('document.untitled')}</h2>
        <ContentList nodes={tree.root.children} {...(openReference !== undefined && { openReference })} level={3} />
        {!tree.isWhole && <p className="mt-3 text-(--ng-amber) text-xs">{t('document.cut')}</p>}
      </article>
    </div>
  );
}

/** How an image that a document refers to is gone to; undefined for one that is not to be had here. */
export type OpenReference = (reference: ContentReference) => { readonly place: string; readonly run: () => void } | undefined;

interface ContentListProps {
  readonly nodes: readonly ContentNode[];
  readonly openReference?: OpenReference;
  /** Of the headings, where the document is read on its own. */
  readonly level?: number;
}

/** Headings go to six; what is deeper is indented no further, so that a deep document stays as wide as its pane. */
const DEEPEST_HEADING = 6;

export function ContentList({ nodes, level, ...props }: ContentListProps) {
  if (nodes.length === 0) return null;
  const isDeep = level !== undefined && level > DEEPEST_HEADING;
  return (
    <ul className={isDeep ? '' : 'ml-1 border-(--ng-line) border-l pl-3'}>
      {nodes.map((node, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items of a document have no other name, and never change.
        <li key={at} className={`py-0.5 ${node.isContext ? 'text-(--ng-text-dim) text-xs' : ''}`}>
          <Line node={node} level={level} {...props} />
          <ContentList nodes={node.children} {...props} {...(level !== undefined && { level: level + 1 })} />
        </li>
      ))}
    </ul>
  );
}

interface LineProps extends Pick<ContentListProps, 'openReference'> {
  readonly node: ContentNode;
  readonly level: number | undefined;
}

function Line({ node: { name, text, type, reference, refersTo }, level, openReference }: LineProps) {
  const t = useText('viewer');
  const opened = reference && openReference?.(reference);
  const frames = reference?.frames.join(', ') ?? '';
  const image =
    reference === undefined || opened !== undefined
      ? undefined
      : frames === ''
        ? t('document.image', { uid: reference.sopInstanceUid })
        : t('document.frames', { uid: reference.sopInstanceUid, frames });
  const meant = refersTo === undefined ? undefined : t('document.refersTo', { place: refersTo.slice(0, 20).join('.') });
  const value = [text, image, meant].filter(Boolean).join(' · ');
  const label = name ?? (value === '' ? type : undefined);
  if (level !== undefined && type === 'CONTAINER' && label !== undefined && value === '')
    return <Heading level={level}>{label}</Heading>;
  return (
    <span className="whitespace-pre-wrap break-words">
      {label !== undefined && <span className={value === '' ? 'font-medium' : 'text-(--ng-text-dim)'}>{label}</span>}
      {label !== undefined && value !== '' && ' : '}
      {value}
      {opened !== undefined && (
        <Button
          className="ng-viewer-target inline-flex cursor-pointer items-center rounded px-1 text-(--ng-accent) underline underline-offset-2 outline-none data-focus-visible:ring-2 data-focus-visible:ring-(--ng-accent)"
          onPress={opened.run}
        >
          {opened.place}
        </Button>
      )}
    </span>
  );
}

/** A part of the document. */
const Heading = ({ level, children }: { readonly level: number; readonly children: string }) => (
  // biome-ignore lint/a11y/useSemanticElements: its level is that of the document.
  <span
    role="heading"
    aria-level={Math.min(level, DEEPEST_HEADING)}
    className={`mt-2 block break-words font-semibold text-(--ng-text) ${level <= 3 ? 'text-base' : 'text-sm'}`}
  >
    {children}
  </span>
);
