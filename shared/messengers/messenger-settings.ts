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

export interface SecretSetting extends Omit<ChatSecret, 'name'> {
  readonly about: string;
  /** Whether it is used only if the policy names its variable. Else the default is such as `SLACK_BOT_TOKEN`. */
  readonly isOptional?: true;
}
