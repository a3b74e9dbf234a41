/** An id that no instance has: asking for it needs the permission, and finds nothing. */
export const UNUSED_INSTANCE_ID = 'i-latchkeydoctor00000';
