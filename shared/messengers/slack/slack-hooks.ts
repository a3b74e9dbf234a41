/** The host of `response_url`, and the paths there: of commands and of clicks. */
export const HOOKS_HOST = 'hooks.slack.com';
export const HOOK_PATH = /^\/(?:commands|actions)\/./;
