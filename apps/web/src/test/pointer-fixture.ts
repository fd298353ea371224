import { fireEvent } from '@testing-library/react';

type Kind = 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel';

/** What a pointer does on an element: jsdom has no events of pointers, and those of a mouse say as much of them as is read. */
export function pointer(kind: Kind, target: Element, init: MouseEventInit & { readonly pointerId?: number } = {}): void {
  const { pointerId = 1, ...mouse } = init;
  const event = new MouseEvent(kind, { bubbles: true, cancelable: true, ...mouse });
  fireEvent(target, Object.assign(event, { pointerId }));
}

/** What jsdom lacks of holding pointers; gone with the page of the worker. */
export function holdPointers(): void {
  Element.prototype.setPointerCapture = () => undefined;
}
