/** Bounds of what a session may ask of its text. */
export const MAX_REPLACEMENTS = 500;
/** Among the replacements. */
export const MAX_PATTERNS = 50;
export const MAX_FIND_CHARACTERS = 200;
export const MAX_REPLACE_CHARACTERS = 2000;
/** Own commands, and the length of what is spoken and of a name. */
export const MAX_COMMANDS = 100;
export const MAX_PHRASE_CHARACTERS = 64;
