import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import { IconButton } from './controls.tsx';

interface ViewerDialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** For what stands in two columns. */
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

/** A dialog over the reading room. */
export function ViewerDialog({ title, isOpen, onClose, isWide = false, children }: ViewerDialogProps) {
  const t = useText('viewer');
  return (
    <ModalOverlay
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      data-theme="dark"
      className="ng-viewer-popover fixed inset-0 z-50 flex items-center justify-center bg-black/60 p-3"
    >
      <Modal
        className={`max-h-full w-full overflow-auto rounded-lg border border-(--ng-line) bg-(--ng-surface) text-(--ng-text) shadow-2xl ${isWide ? 'max-w-3xl' : 'max-w-lg'}`}
      >
        <Dialog className="p-5 outline-none">
          <div className="mb-4 flex items-center justify-between">
            <Heading slot="title" className="font-semibold text-lg">
              {title}
            </Heading>
            <IconButton icon={X} label={t('actions.close')} shortcut={t('keys.escape')} onPress={onClose} />
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
