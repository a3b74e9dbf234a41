/** Host and path of `sessionWebhook`. */
export const SESSION_HOST = 'oapi.dingtalk.com';
export const SESSION_PATH = /^\/robot\/sendBySession$/;
