import * as v from 'valibot';
import type { Refusal } from '../../shared/domain/rollouts/probe.ts';

const Refusals = v.array(v.object({ vendorCode: v.string(), message: v.string() }));

/** @returns what `answerProbe` was given; undefined for the answer of another version */
export function refusalsIn(answer: string): readonly Refusal[] | undefined {
  try {
    const read = v.safeParse(Refusals, JSON.parse(answer));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}
