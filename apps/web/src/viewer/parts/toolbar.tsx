import { ArrowLeft, Check, MoreHorizontal } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { Toolbar as AriaToolbar, Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import { TOOLS } from '../engine/index.ts';
import { ohifUrl } from '../model/dicomweb.ts';
import { AnnotationStatus } from './annotation-status.tsx';
import { buttonClass, IconButton, IconToggle } from './controls.tsx';
import { LayoutMenu } from './layout-menu.tsx';
import { PatientLine } from './patient-line.tsx';
import { PresetMenu } from './preset-menu.tsx';
import { type Action, type ToolbarProps, useActions } from './toolbar-actions.ts';
import { useFitting } from './use-fitting.ts';

/** Layout, presets, OHIF, the panel's button, the lines of separation and the bar's own padding, px. */
const FIXED = 290;

const Separator = () => <span aria-hidden className="mx-1 h-6 w-px shrink-0 bg-(--ng-line)" />;

export function Toolbar({ children, ...props }: ToolbarProps & { readonly children?: ReactNode }) {
  const t = useText('viewer');
  const bar = useRef<HTMLDivElement>(null);
  const actions = useActions(props);
  const fitting = useFitting(bar, actions.length, FIXED);
  const [tools, others] = [actions.slice(0, TOOLS.length), actions.slice(TOOLS.length)];
  const hidden = actions.slice(fitting);
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
        {tools.slice(0, fitting).map((action) => (
          <ActionButton key={action.id} action={action} />
        ))}
        <Separator />
        <LayoutMenu {...props.layout} />
        <PresetMenu pane={props.pane} />
        {others.slice(0, Math.max(0, fitting - tools.length)).map((action) => (
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

/** What has no room in the bar, by name. */
function MoreMenu({ actions }: { readonly actions: readonly Action[] }) {
  const t = useText('viewer');
  return (
    <MenuTrigger>
      <Button aria-label={t('actions.more')} className={buttonClass}>
        <MoreHorizontal size={18} aria-hidden />
      </Button>
      <Popover
        data-theme="dark"
        className="ng-viewer-popover min-w-56 overflow-auto rounded-md border border-(--ng-line) bg-(--ng-surface-2) p-1 text-(--ng-text) text-sm shadow-xl"
      >
        <Menu
          aria-label={t('actions.more')}
          className="outline-none"
          onAction={(key) => actions.find((action) => action.id === key)?.run()}
        >
          {actions.map(({ id, icon: Icon, label, shortcut, isSelected }) => (
            <MenuItem
              key={id}
              id={id}
              textValue={label}
              className="ng-viewer-target flex cursor-default items-center gap-3 rounded px-2 outline-none data-focused:bg-(--ng-line)"
            >
              <Icon size={18} aria-hidden className={isSelected === true ? 'text-(--ng-accent)' : ''} />
              <span className="grow">{label}</span>
              {isSelected === true && <Check size={16} aria-hidden className="text-(--ng-accent)" />}
              <kbd className="font-mono text-(--ng-text-dim) text-xs">{shortcut}</kbd>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
