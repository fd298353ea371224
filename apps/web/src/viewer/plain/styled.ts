const hasCome = (link: HTMLLinkElement): Promise<unknown> =>
  link.sheet !== null
    ? Promise.resolve()
    : new Promise((resolve) => {
        for (const event of ['load', 'error']) link.addEventListener(event, resolve, { once: true });
      });

/** Resolves when the page has its body and the styles that it names: only then anything has the size that it will have. */
export async function untilStyled(): Promise<void> {
  if (document.body === null) await new Promise((resolve) => addEventListener('DOMContentLoaded', resolve, { once: true }));
  await Promise.all([...document.querySelectorAll<HTMLLinkElement>('head link[rel=stylesheet]')].map(hasCome));
}
