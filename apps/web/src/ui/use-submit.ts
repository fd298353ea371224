import { type FormEvent, useState } from 'react';

/**
 * What a form does when it is sent, whether it is at it, and why it failed the last time. `onFailure` hears of that first; `run` is for a button that stands in
 * another form.
 */
export function useSubmit(work: () => Promise<void>, onFailure?: (error: unknown) => void) {
  const [failure, setFailure] = useState<unknown>();
  const [isPending, setPending] = useState(false);
  const run = async (): Promise<void> => {
    setPending(true);
    setFailure(undefined);
    try {
      await work();
    } catch (error) {
      onFailure?.(error);
      setFailure(error);
    }
    setPending(false);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void run();
  };
  return { failure, isPending, run, submit };
}
