/** The result of one check. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'fault' | 'skipped';
  readonly detail: string;
  /** How to fix it, as a command where there is one; '' for nothing to do. */
  readonly mend: string;
}

export function ok(check: string, detail = ''): Finding {
  return { check, state: 'ok', detail, mend: '' };
}

export function fault(check: string, detail: string, mend: string): Finding {
  return { check, state: 'fault', detail, mend };
}

/** The check could not be done. No fault is known. */
export function skipped(check: string, detail: string, mend = ''): Finding {
  return { check, state: 'skipped', detail, mend };
}
