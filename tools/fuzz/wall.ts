/** From here on `Date` says what this says, in the whole process. @returns what puts it back */
export function setWallClock(nowMs: () => number): () => void {
  const Real = globalThis.Date;
  class Told extends Real {
    constructor(...given: [] | [number | string | Date]) {
      if (given.length === 0) super(nowMs());
      else super(...given);
    }

    static override now(): number {
      return nowMs();
    }
  }
  globalThis.Date = Told as DateConstructor;
  return () => {
    globalThis.Date = Real;
  };
}
