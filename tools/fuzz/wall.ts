/** Makes `Date` follow this clock in the whole process. @returns a function that undoes it */
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
