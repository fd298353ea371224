/**
 * What the program takes for granted and is not so: a fault of ours, whoever asked and whatever they sent. Answered as INTERNAL, told whole in the log only;
 * nobody catches it to go on.
 */
export class BrokenInvariant extends Error {
  override name = 'BrokenInvariant';
}
