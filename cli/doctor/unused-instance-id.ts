/** An id that no instance has. Asking for it tests the permission, and finds nothing. */
export const UNUSED_INSTANCE_ID = 'i-latchkeydoctor00000';
