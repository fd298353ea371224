/** Asks the person who sits here to show again who they are; true when they have. Nobody is asked before the page can ask. */
let ask: (() => Promise<boolean>) | undefined;
let asking: Promise<boolean> | undefined;

export function onProofNeeded(handler: () => Promise<boolean>): () => void {
  ask = handler;
  return () => {
    if (ask === handler) ask = undefined;
  };
}

/** Several requests that need it are answered by one question. */
export function proofGiven(): Promise<boolean> {
  asking ??= (ask?.() ?? Promise.resolve(false)).finally(() => {
    asking = undefined;
  });
  return asking;
}
