/** A first picture that was drawn before the application was here (`viewer/plain`), or is about to be. */
export interface PlainPicture {
  /** Where it belongs: the path of the page's address. */
  readonly path: string;
  /** Ends it. `isTakenOver`: the room shows what it has shown, or will; otherwise nothing of it is left in memory. */
  leave(isTakenOver: boolean): void;
}

let standing: PlainPicture | undefined;

/** There is one at most. */
export function standPlain(picture: PlainPicture): void {
  leavePlain();
  standing = picture;
}

function end(isTakenOver: boolean): void {
  const picture = standing;
  standing = undefined;
  picture?.leave(isTakenOver);
}

/** What the room draws in its place stands: call it before the browser paints that. */
export const takeOverPlain = (): void => end(true);

/** It must not be seen any longer, or for the first time: its session, its page or what it is of is not there. */
export const leavePlain = (): void => end(false);

/** The page shows another address. */
export function plainVisits(path: string): void {
  if (standing !== undefined && standing.path !== path) end(false);
}
