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
import { ToolGroup, useToolAction } from './tool-groups.tsx';
import { type Action, type ToolbarProps, useActions, useOhifAction } from './toolbar-actions.ts';
import { type Slot, slotsOf, type ToolbarForm, toolbarForm } from './toolbar-slots.ts';
import { type ButtonWidths, fittingOf, useButtonWidths, useWidth } from './use-fitting.ts';

/** What stands in the bar whatever fits: presets and the bar's own padding; beside the patient's line also layout, lines of separation, OHIF and the panel's button, px. */
const FIXED: Readonly<Record<ToolbarForm, number>> = { phone: 64, 'two rows': 64, 'one row': 270 };
/** The patient's line in one row with the tools, px: narrower where they need the room (see its classes). */
const LINE = { narrow: 224, wide: 320, wideFrom: 1152 };

const Separator = () => <span aria-hidden className="mx-1 h-6 w-px shrink-0 bg-(--ng-line)" />;

interface Room {
  readonly form: ToolbarForm;
  readonly shown: readonly Slot<Action>[];
  readonly hidden: readonly Slot<Action>[];
}

/** What of the toolbar has room, and what goes into its menu. */
function roomOf(others: readonly Action[], width: number, widths: ButtonWidths): Room {
  const form = toolbarForm(width);
  const slots = slotsOf(others, form, widths);
  const line = form === 'one row' ? (width >= LINE.wideFrom ? LINE.wide : LINE.narrow) : 0;
  const fitting = fittingOf(
    slots.map((slot) => slot.width),
    { width: width - line, fixed: FIXED[form], more: widths.button },
  );
  return { form, shown: slots.slice(0, fitting), hidden: slots.slice(fitting) };
}

/** What stands in a bar so wide, and what in its menu. */
function useSlots(props: ToolbarProps, width: number) {
  const { form, shown, hidden } = roomOf(useActions(props), width, useButtonWidths());
  const tools = shown.flatMap((slot) => (slot.kind === 'tools' ? [slot] : []));
  // On a phone the first tool of a group stands in the bar, and all of them in the menu.
  const inMenu = [...(form === 'phone' ? tools.filter(({ group }) => group.tools.length > 1) : []), ...hidden];
  const toolAction = useToolAction(props);
  const actions = inMenu.flatMap((slot) => (slot.kind === 'tools' ? slot.group.tools.map(toolAction) : [slot.action]));
  return { form, shown, actions, ohif: useOhifAction(props) };
}

/** Of the patient's name beside the tools. */
const WHOSE_WIDTH = 'w-56 shrink-0 @6xl:w-80 @6xl:min-[3400px]:w-[36rem]';

export function Toolbar({ children, ...props }: ToolbarProps & { readonly children?: ReactNode }) {
  const t = useText('viewer');
  const header = useRef<HTMLElement>(null);
  const { form, shown, actions, ohif } = useSlots(props, useWidth(header));
  const isOneRow = form === 'one row';
  const layout = <LayoutMenu {...props.layout} />;
  return (
    <header
      ref={header}
      className={`flex shrink-0 border-(--ng-line) border-b bg-(--ng-surface) ${isOneRow ? 'items-center' : 'flex-col'}`}
    >
      <div className={`flex min-w-0 items-center gap-2 px-2 ${isOneRow ? WHOSE_WIDTH : ''}`}>
        <IconButton icon={ArrowLeft} label={t('back')} shortcut={t('keys.escape')} onPress={props.onBack} />
        <PatientLine pane={props.pane} />
        <AnnotationStatus {...props.annotations} />
        {!isOneRow && layout}
        {!isOneRow && children}
      </div>
      <AriaToolbar
        aria-label={t('tools.group')}
        className="ng-viewer-scroll-x flex min-w-0 grow items-center gap-0.5 overflow-x-auto px-2 py-1"
      >
        {shown.map((slot) => (
          <Place key={slot.kind === 'tools' ? slot.group.tools[0] : slot.action.id} {...{ slot, form }} {...props} />
        ))}
        {isOneRow && <Separator />}
        {isOneRow && layout}
        <PresetMenu pane={props.pane} />
        {(actions.length > 0 || !isOneRow) && <MoreMenu actions={isOneRow ? actions : [...actions, ohif]} />}
        {isOneRow && (
          <>
            <span className="grow" />
            <OhifLink study={props.study} />
            {children}
          </>
        )}
      </AriaToolbar>
    </header>
  );
}

function OhifLink({ study }: Pick<ToolbarProps, 'study'>) {
  const t = useText('viewer');
  return (
    <a className={`${buttonClass} px-2 text-xs`} href={ohifUrl(study)} title={t('actions.ohif')}>
      OHIF
    </a>
  );
}

interface PlaceProps extends Pick<ToolbarProps, 'tool' | 'onTool'> {
  readonly slot: Slot<Action>;
  readonly form: ToolbarForm;
}

function Place({ slot, form, tool, onTool }: PlaceProps) {
  if (slot.kind === 'tools') return <ToolGroup group={slot.group} isAlone={form === 'phone'} {...{ tool, onTool }} />;
  return <ActionButton action={slot.action} hasLine={form === 'one row'} />;
}

interface ActionButtonProps {
  readonly action: Action;
  readonly hasLine: boolean;
}

function ActionButton({ action: { icon, label, shortcut, isSelected, begins, run }, hasLine }: ActionButtonProps) {
  return (
    <>
      {begins === true && hasLine && <Separator />}
      {isSelected === undefined ? (
        <IconButton icon={icon} label={label} shortcut={shortcut} onPress={run} />
      ) : (
        <IconToggle icon={icon} label={label} shortcut={shortcut} isSelected={isSelected} onPress={run} />
      )}
    </>
  );
}
