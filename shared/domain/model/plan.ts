import type { KeyPair } from './instance.ts';
import type { RolloutInstance } from './rollout.ts';

/** What a rollout would do to each instance. */
export interface Plan {
  readonly keyPair: KeyPair;
  /** `sha256:…` over ids, actions, key pair and options. */
  readonly digest: string;
  readonly summary: PlanSummary;
  /** In the order of the request. */
  readonly instances: readonly RolloutInstance[];
}

/** What the digest covers: what an approver agrees to. */
export interface PlanSummary {
  readonly regionId: string;
  readonly keyPair: KeyPair;
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  /**
   * `[id, action or reason to skip, restart]`, in an undo followed by the key pair to bind. The restart is
   * `none`, `reboot` or `start`, with ` in window` where the instance's tag waits for the window.
   * The digest does not cover why a restart is withheld, which changes no action, nor whether an approval
   * is needed, which is decided again each time.
   */
  readonly instances: readonly (readonly string[])[];
}
