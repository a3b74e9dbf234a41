/** The part of the official SDK, which has no types, that the tests call. */
declare module '@alicloud/mns' {
  interface Answer<Body> {
    readonly code: number;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: Body;
  }
  type Fields = Readonly<Record<string, string>>;
  type Values = Readonly<Record<string, string | number | boolean>>;

  export default class Client {
    constructor(
      accountId: string,
      options: {
        readonly accessKeyId: string;
        readonly accessKeySecret: string;
        readonly securityToken?: string;
        readonly endpoint: string;
      },
    );
    createQueue(name: string, attributes?: Values): Promise<Answer<undefined>>;
    deleteQueue(name: string): Promise<Answer<undefined>>;
    listQueue(start: string, limit: number, prefix: string): Promise<Answer<readonly Fields[]>>;
    getQueueAttributes(name: string): Promise<Answer<Fields>>;
    setQueueAttributes(name: string, attributes: Values): Promise<Answer<undefined>>;
    sendMessage(queue: string, message: Values): Promise<Answer<Fields>>;
    batchSendMessage(
      queue: string,
      messages: readonly Values[],
    ): Promise<Answer<readonly Fields[]>>;
    receiveMessage(queue: string, waitSeconds?: number): Promise<Answer<Fields>>;
    batchReceiveMessage(
      queue: string,
      max: number,
      waitSeconds?: number,
    ): Promise<Answer<readonly Fields[]>>;
    peekMessage(queue: string): Promise<Answer<Fields>>;
    batchPeekMessage(queue: string, max: number): Promise<Answer<readonly Fields[]>>;
    deleteMessage(queue: string, receiptHandle: string): Promise<Answer<undefined>>;
    batchDeleteMessage(
      queue: string,
      receiptHandles: readonly string[],
    ): Promise<Answer<readonly Fields[] | undefined>>;
    changeMessageVisibility(
      queue: string,
      receiptHandle: string,
      seconds: number,
    ): Promise<Answer<Fields>>;
  }
}
