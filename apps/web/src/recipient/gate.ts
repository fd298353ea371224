import { make } from './dom.ts';
import { say, type Word } from './words.ts';

/** A page of a few words: what has happened, and what to do. */
export function message(title: Word, text: string, ...more: readonly (Node | false)[]): HTMLElement {
  const heading = make('h1', { tabIndex: -1 }, say(title));
  return make('main', { className: 'gate' }, make('div', { className: 'card' }, heading, make('p', {}, text), ...more));
}

/** Where something is to be waited for. */
export const opening = (): HTMLElement =>
  make('main', { className: 'gate' }, make('p', { said: { role: 'status' } }, say('opening')));

export const retry = (onRetry: () => void): HTMLElement =>
  make('button', { type: 'button', className: 'primary', onclick: onRetry }, say('retry'));

interface Field {
  readonly input: HTMLInputElement;
  readonly error: HTMLElement;
}

/** Says what is wrong with the code where it is typed. */
function complain({ input, error }: Field, word: Word): void {
  error.textContent = say(word);
  input.ariaInvalid = 'true';
  input.focus();
}

function codeField(isWrong: boolean): Field {
  const input = make('input', {
    ...{ id: 'code', type: 'text', inputMode: 'numeric', autocomplete: 'one-time-code', maxLength: 20, required: true },
    said: { 'aria-describedby': 'code-error' },
  });
  const error = make('p', { id: 'code-error', className: 'error', said: { role: 'alert' } });
  if (isWrong) queueMicrotask(() => complain({ input, error }, 'codeWrong'));
  return { input, error };
}

/** Asks for the code of a share. `onCode` is given its digits, without the spaces that it is read out with. */
export function codeForm(isWrong: boolean, onCode: (code: string) => void): HTMLElement {
  const field = codeField(isWrong);
  const button = make('button', { type: 'submit', className: 'primary' }, say('open'));
  const onsubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const code = field.input.value.replaceAll(/\D/g, '');
    if (code.length !== 8) complain(field, 'codeMissing');
    else {
      button.disabled = true;
      onCode(code);
    }
  };
  const label = make('label', { htmlFor: 'code' }, say('code'));
  return message(
    'codeTitle',
    say('codeLead'),
    make('form', { noValidate: true, onsubmit }, label, field.input, field.error, button),
  );
}
