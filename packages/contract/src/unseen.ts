/** Characters that nobody sees, and those that turn round what stands beside them (Unicode UAX 9), as they stand in the class of a regular expression. */
export const UNSEEN = '\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff';
