import { createHash } from 'node:crypto';
import type { CloudSettings } from './settings.ts';

export interface Credential {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Present for STS credentials: the request must carry the same. */
  readonly securityToken?: string;
  /** The function instance that these were issued to. */
  readonly functionInstance?: { readonly functionName: string; readonly instanceId: string };
}

/** The one account: who may sign, and who signed. */
export class Account {
  readonly id: string;
  readonly #credentials = new Map<string, Credential>();
  #issued = 0;

  constructor(settings: CloudSettings) {
    this.id = settings.accountId;
    this.#credentials.set(settings.accessKeyId, {
      accessKeyId: settings.accessKeyId,
      accessKeySecret: settings.accessKeySecret,
    });
  }

  find(accessKeyId: string): Credential | undefined {
    return this.#credentials.get(accessKeyId);
  }

  /** STS credentials for one function instance: so every API call names the instance that made it. */
  issueSts(functionName: string, instanceId: string): Credential & { securityToken: string } {
    const mark = createHash('sha256')
      .update(`${functionName}/${instanceId}/${this.#issued++}`)
      .digest('hex');
    const credential = {
      accessKeyId: `STS.${mark.slice(0, 24)}`,
      accessKeySecret: mark.slice(24, 54),
      securityToken: `local-token-${mark.slice(0, 40)}`,
      functionInstance: { functionName, instanceId },
    };
    this.#credentials.set(credential.accessKeyId, credential);
    return credential;
  }

  /** The credentials of a function instance that has ended sign no more. */
  revoke(accessKeyId: string): void {
    this.#credentials.delete(accessKeyId);
  }
}
