/** One place of a line, and what would be right there. */
export interface Fix {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

export interface Better {
  readonly hint?: string;
  readonly fix?: Fix | null;
}

/** Why a line is no command. Stays inside the grammar: `parseLine` makes an answer of it. */
export class Misread extends Error {
  override readonly name = 'Misread';
  /** How to do better; '' when an example says enough. */
  readonly hint: string;
  /** The nearest right form; null when nothing is near. */
  readonly fix: Fix | null;

  constructor(message: string, { hint = '', fix = null }: Better = {}) {
    super(message);
    this.hint = hint;
    this.fix = fix;
  }
}
