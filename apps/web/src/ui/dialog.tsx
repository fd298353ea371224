import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useText } from '../i18n/index.ts';
import { Button, type ButtonKind, IconButton, InWords } from './button.tsx';
import { cx } from './cx.ts';

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}
export function Dialog({ title, isOpen, onClose, children, wide = false }: DialogProps) {
  const t = useText('common');
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className="ng-veil fixed inset-0 z-50 flex items-end justify-center bg-[#05070999] sm:items-center sm:p-6"
    >
      <Modal
        className={cx(
          'ng-roomy ng-pop max-h-[92dvh] w-full min-[2600px]:max-h-[60dvh] overflow-auto rounded-t-2xl border border-line bg-surface shadow-pop sm:rounded-2xl',
          wide ? 'sm:max-w-3xl' : 'sm:max-w-lg',
        )}
      >
        <AriaDialog className="flex flex-col gap-4 p-5 outline-none sm:p-6">
          <div className="flex items-start justify-between gap-4">
            <Heading slot="title" className="text-lg font-semibold">
              {title}
            </Heading>
            {/* Its middle at that of the title's first line. */}
            <span className="-my-1 -mr-2 shrink-0 coarse:-my-2">
              <InWords value={false}>
                <IconButton label={t('close')} onPress={onClose}>
                  <X size={18} />
                </IconButton>
              </InWords>
            </span>
          </div>
          <InWords value={false}>{children}</InWords>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
  readonly confirm: string;
  readonly kind?: ButtonKind;
  readonly pending?: boolean;
  readonly children: ReactNode;
}
export function Confirm({
  title,
  isOpen,
  onClose,
  onConfirm,
  confirm,
  kind = 'danger',
  pending = false,
  children,
}: ConfirmProps) {
  const t = useText('common');
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      <div className="text-dim">{children}</div>
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{t('cancel')}</Button>
        <Button kind={kind} onPress={onConfirm} isPending={pending}>
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
