import { createHash } from 'node:crypto';
import type { CloudSettings } from './settings.ts';

/** The owner of credentials other than the account's own. */
export type Identity =
  | { readonly kind: 'ram-user'; readonly userName: string }
  | { readonly kind: 'assumed-role'; readonly roleName: string; readonly sessionName: string };

export interface Credential {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Present for STS credentials. The request must contain the same token. */
  readonly securityToken?: string;
  /** Absent: the account itself. */
  readonly identity?: Identity;
  /** The function instance that these were issued to. */
  readonly functionInstance?: { readonly functionName: string; readonly instanceId: string };
}

/** The one account with all its credentials. */
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

  /**
   * STS credentials for one function instance, so that every API call shows which instance made it.
   *
   * @param roleName the function's `role`; the session name that Function Compute uses is not documented
   */
  issueSts(
    functionName: string,
    instanceId: string,
    roleName = functionName,
  ): Credential & { securityToken: string } {
    return this.#issueToken(`${functionName}/${instanceId}`, {
      identity: { kind: 'assumed-role', roleName, sessionName: instanceId },
      functionInstance: { functionName, instanceId },
    });
  }

  /** Credentials as from AssumeRole. Roles are not emulated, so any name is accepted. */
  assumeRole(roleName: string, sessionName: string): Credential & { securityToken: string } {
    const identity = { kind: 'assumed-role', roleName, sessionName } as const;
    return this.#issueToken(`${roleName}/${sessionName}`, { identity });
  }

  /** An AccessKey of a RAM user. Users are not emulated, so any name is accepted. */
  issueAccessKey(userName: string): Credential {
    const mark = this.#mark(userName);
    return this.#keep({
      accessKeyId: `LTAI${mark.slice(0, 20)}`,
      accessKeySecret: mark.slice(20, 50),
      identity: { kind: 'ram-user', userName },
    });
  }

  /** Revokes the credentials of a function instance that has ended. */
  revoke(accessKeyId: string): void {
    this.#credentials.delete(accessKeyId);
  }

  #issueToken(
    about: string,
    whose: Pick<Credential, 'identity' | 'functionInstance'>,
  ): Credential & { securityToken: string } {
    const mark = this.#mark(about);
    return this.#keep({
      accessKeyId: `STS.${mark.slice(0, 24)}`,
      accessKeySecret: mark.slice(24, 54),
      securityToken: `local-token-${mark.slice(0, 40)}`,
      ...whose,
    });
  }

  #mark(about: string): string {
    return createHash('sha256')
      .update(`${about}/${this.#issued++}`)
      .digest('hex');
  }

  #keep<T extends Credential>(credential: T): T {
    this.#credentials.set(credential.accessKeyId, credential);
    return credential;
  }
}
