/** Makes functions that do nothing but note, by a name, what they were called with. */
export const noteOf =
  (done: string[]) =>
  (what: string) =>
  (...values: readonly unknown[]): void =>
    void done.push(
      [what, ...values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))].join(' '),
    );
