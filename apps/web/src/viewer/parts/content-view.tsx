import { useText } from '../../i18n/index.ts';
import type { ContentNode, ContentTree } from '../model/content-tree.ts';

/** The content of a structured document, item by item as it was written. Texts of others are shown as texts, whatever is in them. */
export function ContentView({ tree }: { readonly tree: ContentTree }) {
  const t = useText('viewer');
  return (
    <div className="absolute inset-0 overflow-auto p-4">
      <article className="mx-auto max-w-3xl text-(--ng-text) text-sm" data-testid="content-tree">
        <h2 className="mb-2 font-semibold text-base">{tree.root.name ?? t('document.untitled')}</h2>
        <Children nodes={tree.root.children} />
        {!tree.isWhole && <p className="mt-3 text-(--ng-amber) text-xs">{t('document.cut')}</p>}
      </article>
    </div>
  );
}

function Children({ nodes }: { readonly nodes: readonly ContentNode[] }) {
  if (nodes.length === 0) return null;
  return (
    <ul className="ml-1 border-(--ng-line) border-l pl-3">
      {nodes.map((node, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items of a document have no other name, and never change.
        <li key={at} className={`py-0.5 ${node.isContext ? 'text-(--ng-text-dim) text-xs' : ''}`}>
          <Line node={node} />
          <Children nodes={node.children} />
        </li>
      ))}
    </ul>
  );
}

function Line({ node: { name, text, type, reference } }: { readonly node: ContentNode }) {
  const t = useText('viewer');
  const frames = reference?.frames.join(', ') ?? '';
  const image =
    reference === undefined
      ? undefined
      : frames === ''
        ? t('document.image', { uid: reference.sopInstanceUid })
        : t('document.frames', { uid: reference.sopInstanceUid, frames });
  const value = [text, image].filter(Boolean).join(' · ');
  const label = name ?? (value === '' ? type : undefined);
  return (
    <span className="whitespace-pre-wrap break-words">
      {label !== undefined && <span className={value === '' ? 'font-medium' : 'text-(--ng-text-dim)'}>{label}</span>}
      {label !== undefined && value !== '' && ' : '}
      {value}
    </span>
  );
}
