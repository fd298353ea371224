import { ChevronDown } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, Menu, MenuTrigger, Popover } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import type { ToolId } from '../engine/index.ts';
import { buttonClass, IconToggle } from './controls.tsx';
import { keyName } from './desk-keys.ts';
import { ActionItem } from './more-menu.tsx';
import { TOOL_ICONS, TOOL_KEYS, type ToolGroup as Tools } from './tool-icons.ts';
import type { Action } from './toolbar-actions.ts';

interface ToolProps {
  readonly tool: ToolId;
  readonly onTool: (tool: ToolId) => void;
}

/** One tool as an action of the toolbar. */
export function useToolAction({ tool, onTool }: ToolProps): (id: ToolId) => Action {
  const t = useText('viewer');
  return (id) => ({
    // Of its own among what the toolbar does: a menu takes two of one name for one.
    id: `tool-${id}`,
    icon: TOOL_ICONS[id],
    label: t(`tools.${id}`),
    shortcut: keyName(t, TOOL_KEYS[id]),
    isSelected: tool === id,
    run: () => onTool(id),
  });
}

const isIn = (tools: readonly ToolId[], tool: ToolId): boolean => tools.includes(tool);

interface ToolGroupProps extends ToolProps {
  readonly group: Tools;
  /** The others of the group stand elsewhere. */
  readonly isAlone: boolean;
}

/** A button for the tool of the group that was used last, and one that opens the others. */
export function ToolGroup({ group, isAlone, tool, onTool }: ToolGroupProps) {
  const t = useText('viewer');
  const [shown, setShown] = useState<ToolId>(group.tools[0]);
  useEffect(() => {
    if (isIn(group.tools, tool)) setShown(tool);
  }, [group, tool]);
  const actionOf = useToolAction({ tool, onTool });
  const { icon, label, shortcut, isSelected = false, run } = actionOf(shown);
  const button = <IconToggle {...{ icon, label, isSelected }} shortcut={shortcut} onPress={run} />;
  if (!('name' in group) || isAlone) return button;
  const name = t('toolGroups.choose', { group: t(`toolGroups.${group.name}`) });
  const actions = group.tools.map(actionOf);
  return (
    <span className="flex shrink-0 items-center">
      {button}
      <MenuTrigger>
        <Button aria-label={name} className={`${buttonClass} ng-viewer-chevron`}>
          <ChevronDown size={12} aria-hidden />
        </Button>
        <Popover
          data-theme="dark"
          className="ng-viewer-popover min-w-56 rounded-md border border-(--ng-line) bg-(--ng-surface-2) p-1 text-(--ng-text) text-sm shadow-xl"
        >
          <Menu aria-label={name} className="outline-none" onAction={(key) => actions.find((action) => action.id === key)?.run()}>
            {actions.map((action) => (
              <ActionItem key={action.id} action={action} />
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </span>
  );
}
