/** A part of a line, and the text that would be right in its place. */
export interface Fix {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

export interface Better {
  readonly hint?: string;
  readonly fix?: Fix | null;
}

/** Why a line is not a command. It does not leave the grammar: `parseLine` turns it into an answer. */
export class Misread extends Error {
  override readonly name = 'Misread';
  /** How to type it right; '' when an example is enough. */
  readonly hint: string;
  /** The nearest valid form; null when nothing is near. */
  readonly fix: Fix | null;

  constructor(message: string, { hint = '', fix = null }: Better = {}) {
    super(message);
    this.hint = hint;
    this.fix = fix;
  }
}
