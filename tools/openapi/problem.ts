/** What is wrong, by status. The table of docs/http.md. */
export const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'Not UTF-8, not JSON, a key twice, or nested too deep.',
  401: 'Not signed by a known secret within five minutes. A stranger gets this whatever is wrong.',
  403: 'The policy does not permit it to this client, or the approval would be for its own.',
  404: 'No such route or rollout.',
  405: 'Another method; `Allow` says which are served.',
  409: 'Another request came in under this `webhook-id`, the command does not apply now, or the plan is not the one that was expected, or approved: then `planDigest` is the plan of now and `difference` what changed.',
  413: 'More than 64 KB, as declared or as sent.',
  415: 'Not `application/json`.',
  422: 'Against a rule: `errors` names every field and its rule.',
  429: 'Too many unfinished rollouts of this client, or ECS throttles. Nothing was done.',
  500: 'A fault of the service; `instance` finds it in the log.',
  502: 'ECS refused before anything was done; `vendorCode` says why.',
  503: 'The cloud does not answer. Send the same request again under the same `webhook-id`.',
  504: 'No answer in time. Send the same request again.',
};
