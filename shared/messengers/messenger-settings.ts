import type { ChatSecret } from '../domain/model/policy.ts';

/**
 * What a deployment sets for Latchkey's app on one platform. The schema of `policy.json` is made of it. No
 * function loads it, because the policy in its bundle contains what follows from it.
 *
 * `about` is the text that an editor shows for a field of `policy.json`.
 */
export interface MessengerSettings {
  readonly about: string;
  /** Fields with the platform's ids, each with its `about`. */
  readonly ids: Readonly<Record<string, string>>;
  /** The field among them that identifies the workspace, organization or tenant. */
  readonly tenant: string;
  /** By field, without `Name` at the end. */
  readonly secrets: Readonly<Record<string, SecretSetting>>;
  /** Left out: an approval on this platform is enough for any rollout. */
  readonly lowRiskInstances?: { readonly default: number; readonly about: string };
}

export interface SecretSetting extends Pick<ChatSecret, 'kind' | 'usedBy'> {
  readonly about: string;
  /** The environment variable that holds it if the policy names none. null: there is then no such secret. */
  readonly default: string | null;
}
