/** Types of the parts of the official `@alicloud/fc2` (2.6.6) that we use. The package has none. */
declare module '@alicloud/fc2' {
  class Client {
    constructor(
      accountId: string,
      config: {
        readonly accessKeyID: string;
        readonly accessKeySecret: string;
        readonly securityToken?: string;
        readonly region: string;
        readonly endpoint: string;
        /** Milliseconds. */
        readonly timeout: number;
      },
    );
    /** Part of every path. */
    version: string;
    /**
     * Resolves for a function error, with the header `x-fc-error-type`. Rejects with an `Error` whose `code`
     * is Function Compute's own, and for a broken connection.
     */
    get(
      path: string,
      queries: Readonly<Record<string, string>>,
    ): Promise<{ readonly data: unknown }>;
    post(
      path: string,
      body: Buffer,
      headers: Readonly<Record<string, string>>,
      queries: null,
      options: { readonly rawBuf: boolean },
    ): Promise<{
      readonly headers: Readonly<Record<string, string | undefined>>;
      readonly data: unknown;
    }>;
  }
  export = Client;
}
