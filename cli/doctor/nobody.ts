/** An id that no instance has: asking for it needs the permission, and finds nothing. */
export const NOBODY = 'i-latchkeydoctor00000';
