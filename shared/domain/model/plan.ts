import type { KeyPair } from './instance.ts';
import type { RolloutInstance } from './rollout.ts';

/** What would happen to each instance, before anything has. */
export interface Plan {
  readonly keyPair: KeyPair;
  /** `sha256:…` over ids, actions, key pair and options; the same as long as these are. */
  readonly digest: string;
  readonly summary: PlanSummary;
  /** In the order of the request. */
  readonly instances: readonly RolloutInstance[];
}

/** What the digest is made over: what a person who saw the plan has agreed to. */
export interface PlanSummary {
  readonly regionId: string;
  readonly keyPair: KeyPair;
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  /**
   * `[id, action or reason to skip, restart]`, in an undo followed by the other key pair. The restart is
   * `none`, `reboot` or `start`, with ` in window` where the instance's own tag waits for the window.
   * Why a restart is withheld, and whether somebody has to approve, is no part of it: the one changes
   * nothing that is done, the other is asked for anew each time.
   */
  readonly instances: readonly (readonly string[])[];
}
