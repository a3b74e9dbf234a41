/** What one check found. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'fault' | 'skipped';
  /** What is so. */
  readonly detail: string;
  /** What to do about it, as something to type where there is such; '' when nothing is to be done. */
  readonly mend: string;
}

export function ok(check: string, detail = ''): Finding {
  return { check, state: 'ok', detail, mend: '' };
}

export function fault(check: string, detail: string, mend: string): Finding {
  return { check, state: 'fault', detail, mend };
}

/** It could not be told; nothing is known to be wrong. */
export function skipped(check: string, detail: string, mend = ''): Finding {
  return { check, state: 'skipped', detail, mend };
}
