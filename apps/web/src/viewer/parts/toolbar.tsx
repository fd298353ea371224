import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { Toolbar as AriaToolbar } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import { ohifUrl } from '../model/dicomweb.ts';
import { AnnotationStatus } from './annotation-status.tsx';
import { buttonClass, IconButton, IconToggle } from './controls.tsx';
import { LayoutMenu } from './layout-menu.tsx';
import { MoreMenu } from './more-menu.tsx';
import { PatientLine } from './patient-line.tsx';
import { PresetMenu } from './preset-menu.tsx';
import { ToolGroups, useToolAction } from './tool-groups.tsx';
import { TOOL_GROUPS } from './tool-icons.ts';
import { type Action, type ToolbarProps, useActions } from './toolbar-actions.ts';
import { useFitting } from './use-fitting.ts';

/** Layout, presets, OHIF, the panel's button, the lines of separation, what opens groups of tools, and the bar's own padding, px. */
const FIXED = 390;

const Separator = () => <span aria-hidden className="mx-1 h-6 w-px shrink-0 bg-(--ng-line)" />;

export function Toolbar({ children, ...props }: ToolbarProps & { readonly children?: ReactNode }) {
  const t = useText('viewer');
  const bar = useRef<HTMLDivElement>(null);
  const others = useActions(props);
  const toolAction = useToolAction(props);
  const fitting = useFitting(bar, TOOL_GROUPS.length + others.length, FIXED);
  const shown = Math.max(0, fitting - TOOL_GROUPS.length);
  const hidden = [...TOOL_GROUPS.slice(fitting).flatMap(({ tools }) => tools.map(toolAction)), ...others.slice(shown)];
  return (
    <header className="flex shrink-0 flex-col border-(--ng-line) border-b bg-(--ng-surface) @3xl:flex-row @3xl:items-center">
      <div className="flex min-w-0 items-center gap-2 px-2 @3xl:w-56 @3xl:shrink-0 @6xl:w-80">
        <IconButton icon={ArrowLeft} label={t('back')} shortcut={t('keys.escape')} onPress={props.onBack} />
        <PatientLine pane={props.pane} />
        <AnnotationStatus {...props.annotations} />
      </div>
      <AriaToolbar
        ref={bar}
        aria-label={t('tools.group')}
        className="ng-viewer-scroll-x flex min-w-0 grow items-center gap-0.5 overflow-x-auto px-2 py-1"
      >
        <ToolGroups tool={props.tool} onTool={props.onTool} count={fitting} />
        <Separator />
        <LayoutMenu {...props.layout} />
        <PresetMenu pane={props.pane} />
        {others.slice(0, shown).map((action) => (
          <ActionButton key={action.id} action={action} />
        ))}
        {hidden.length > 0 && <MoreMenu actions={hidden} />}
        <span className="grow" />
        <a className={`${buttonClass} px-2 text-xs`} href={ohifUrl(props.study)} title={t('actions.ohif')}>
          OHIF
        </a>
        {children}
      </AriaToolbar>
    </header>
  );
}

function ActionButton({ action: { icon, label, shortcut, isSelected, begins, run } }: { readonly action: Action }) {
  return (
    <>
      {begins === true && <Separator />}
      {isSelected === undefined ? (
        <IconButton icon={icon} label={label} shortcut={shortcut} onPress={run} />
      ) : (
        <IconToggle icon={icon} label={label} shortcut={shortcut} isSelected={isSelected} onPress={run} />
      )}
    </>
  );
}
