/** Ends the waiting for the letters of the large words once they are here; the style sheet ends it by itself where they take long. */
export async function awaitLetters(page: Document): Promise<void> {
  await page.fonts.load('84px "Instrument Serif"').catch(() => undefined);
  page.documentElement.dataset.letters = '';
}
